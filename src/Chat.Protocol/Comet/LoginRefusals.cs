namespace ErlChat.Protocol.Comet;

/// <summary>The values of the header <see cref="Header"/>, which tells programs why a login was refused. Users read the page.</summary>
public static class LoginRefusals
{
    /// <summary>The header's name. The original server does not send it.</summary>
    public const string Header = "Chat-Refusal";

    public const string NickInUse = "nick_in_use";

    /// <summary>The nick has characters other than letters and digits, or is reserved for the server.</summary>
    public const string NickNotAllowed = "nick_not_allowed";

    /// <summary>Comes with <c>Retry-After</c>, in seconds.</summary>
    public const string HostBanned = "host_banned";

    /// <summary>There is no member of that nick with that password.</summary>
    public const string WrongPassword = "wrong_password";

    /// <summary>Only members can log in, and no password was given.</summary>
    public const string NoGuests = "no_guests";

    public const string HostFull = "host_full";

    /// <summary>Too many logins from the address. Status 429, with <c>Retry-After</c>, in seconds.</summary>
    public const string RateLimited = "rate_limited";

    public const string Unavailable = "unavailable";
}
