namespace ErlChat.Web.Emails;

/// <summary>The paths of the pages that e-mail needs, below the path base.</summary>
internal static class EmailPaths
{
    /// <summary>Asks for a link with which to choose a new password.</summary>
    internal const string Forgotten = "/login/forgotten";

    /// <summary>Confirms an e-mail address.</summary>
    internal const string Confirm = "/login/email";
}
