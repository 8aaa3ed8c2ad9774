namespace ErlChat.Web.Pages;

/// <summary>
/// Where a login leads other than to the chat. Words that we know, so that nobody can be led elsewhere by a link to the login page.
/// </summary>
internal static class LoginDestination
{
    internal const string Operator = "admin";

    /// <summary>The word when we know it, else null.</summary>
    internal static string? Parse(string? word) => word == Operator ? Operator : null;

    /// <summary>The path below the site's own.</summary>
    internal static string PathOf(string? word) => word == Operator ? "/admin/" : "/chat/";
}
