namespace ErlChat.Web.Pages;

/// <summary>
/// Where a login leads, if not to the chat. Only known words are accepted, so that a link to the login page cannot lead users to another
/// site.
/// </summary>
internal static class LoginDestination
{
    internal const string Operator = "admin";

    /// <summary>Returns the word if it is known, otherwise null.</summary>
    internal static string? Parse(string? word) => word == Operator ? Operator : null;

    /// <summary>The path that the word stands for, below the path base.</summary>
    internal static string PathOf(string? word) => word == Operator ? "/admin/" : "/chat/";
}
