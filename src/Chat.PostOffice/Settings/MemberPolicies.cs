namespace ErlChat.Settings;

/// <summary>Whether people can log in with a nick and nothing else.</summary>
public enum GuestPolicy
{
    /// <summary>Anybody can.</summary>
    Allowed,

    /// <summary>Only members can log in.</summary>
    None,
}

/// <summary>Who can become a member.</summary>
public enum RegistrationPolicy
{
    /// <summary>Every guest.</summary>
    Open,

    /// <summary>Those who have an administrator's invitation.</summary>
    Invite,

    /// <summary>Nobody. Those who are members stay.</summary>
    Closed,
}
