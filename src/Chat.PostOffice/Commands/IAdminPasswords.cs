namespace ErlChat;

/// <summary>Knows whether a password is the administrators'. Thread-safe.</summary>
public interface IAdminPasswords
{
    /// <summary>Checks a password in a time that does not depend on how much of it is right.</summary>
    /// <param name="host">Where it was typed, for counting failures.</param>
    /// <param name="password">As typed; empty when the command was not well-formed.</param>
    AdminLogin Check(string host, string password);
}

/// <summary>How a password check came out.</summary>
public enum AdminLogin
{
    /// <summary>No password is configured, so nobody can be an administrator.</summary>
    Off,

    /// <summary>It is the password.</summary>
    Right,

    /// <summary>It is not the password.</summary>
    Wrong,

    /// <summary>The host has failed too often; the password was not looked at.</summary>
    TooManyFailures,
}
