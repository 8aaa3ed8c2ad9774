using System.Globalization;
using ErlChat.Members;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Emails;

/// <summary>
/// What the e-mails say. Their links begin with the first <see cref="WebOptions.PublicUrl"/>, never with the host that a request names:
/// otherwise, whoever asks for a link could have it lead, with its secret, to a server of their own.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EmailTexts(IOptions<WebOptions> options)
{
    /// <summary>The link with which a member chooses a new password.</summary>
    internal OutgoingEmail ForReset(string address, string nick, NewLink link) => new(
        address,
        $"A new password for {Site.Host}",
        $"""
        Somebody, probably you, has asked for a new password for the nickname {nick} in the chat at {Home}/

        To choose one, open this link:

        {Home}/reset/?token={link.Token}

        It works once, until {Until(link)}. If you did not ask for it, ignore this e-mail: nothing changes.

        """);

    /// <summary>The link with which a member confirms an e-mail address.</summary>
    internal OutgoingEmail ForConfirmation(string address, string nick, NewLink link) => new(
        address,
        $"Please confirm your e-mail address for {Site.Host}",
        $"""
        The member {nick} of the chat at {Home}/ has entered this e-mail address. If that is you, open this link to confirm it:

        {Home}{EmailPaths.Confirm}/?token={link.Token}

        It works once, until {Until(link)}. From then on, links for a new password of {nick} can be sent to this address.
        If you do not know this chat, ignore this e-mail.

        """);

    private SiteOrigin Site => SiteOrigin.TryParse(options.Value.PublicUrl[0], out SiteOrigin site)
        ? site
        : throw new InvalidOperationException("Chat:PublicUrl is not valid.");

    private static string Until(NewLink link) =>
        link.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private string Home => Site + options.Value.PathBase;
}
