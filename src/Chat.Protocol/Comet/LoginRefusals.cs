namespace ErlChat.Protocol.Comet;

/// <summary>The words of the header <see cref="Header"/>, which tells a program why the login page came back; people read the page.</summary>
public static class LoginRefusals
{
    /// <summary>Name of the header. Absent in the answers of an original server.</summary>
    public const string Header = "Chat-Refusal";

    public const string NickInUse = "nick_in_use";

    /// <summary>Not letters and digits, or reserved for the server's own voice.</summary>
    public const string NickNotAllowed = "nick_not_allowed";

    /// <summary>With <c>Retry-After</c>, in seconds.</summary>
    public const string HostBanned = "host_banned";

    public const string HostFull = "host_full";

    /// <summary>Too many logins from the address. Status 429, with <c>Retry-After</c>, in seconds.</summary>
    public const string RateLimited = "rate_limited";

    public const string Unavailable = "unavailable";
}
