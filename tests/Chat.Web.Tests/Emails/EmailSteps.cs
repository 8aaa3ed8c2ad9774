using System.Text.Json;
using System.Text.RegularExpressions;
using ErlChat.Members;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace ErlChat.Web.Tests.Emails;

/// <summary>What members do with e-mail.</summary>
internal static class EmailSteps
{
    internal const string Password = "a horse in the rain";

    internal static async Task<CometClient> MemberAsync(this ChatServerHost server, string nick)
    {
        CometClient member = await server.LoginAsync(nick, keeps: true);
        Assert.True((await member.PostAsync("/chat/register/", ("password", Password))).IsOk);
        return member;
    }

    /// <summary>A member with a confirmed address, <c>NICK@mail.example</c>.</summary>
    internal static async Task<CometClient> MemberAsync(this ChatServerHost server, string nick, PostBox box)
    {
        CometClient member = await server.MemberAsync(nick);
        Assert.True((await member.StoreEmailAsync($"{nick}@mail.example")).IsOk);
        CometAnswer done = await server.Stranger().PostAsync("/login/email/", ("token", TokenOf(await box.TakeAsync(), "/login/email/")));
        Assert.Contains("is confirmed", done.Body, StringComparison.Ordinal);
        return member;
    }

    internal static Task<CometAnswer> StoreEmailAsync(this CometClient member, string address, string password = Password) =>
        member.PostAsync("/chat/email/", ("address", address), ("password", password));

    internal static Task<CometAnswer> ForgetAsync(this ChatServerHost server, string nick) =>
        server.Stranger().PostAsync("/login/forgotten/", ("nick", nick));

    /// <summary>The secret in an e-mail's link.</summary>
    internal static string TokenOf(MimeMessage email, string path)
    {
        string line = $"^{Regex.Escape(PostBox.Site + path)}\\?token=([A-Za-z0-9_-]{{43}})\r?$";
        Match link = Regex.Match(email.TextBody!, line, RegexOptions.Multiline);
        Assert.True(link.Success, email.TextBody);
        return link.Groups[1].Value;
    }

    /// <summary>What the settings show: the confirmed address and the pending one.</summary>
    internal static async Task<(string? Confirmed, string? Pending)> EmailsAsync(this CometClient member)
    {
        using JsonDocument answer = JsonDocument.Parse((await member.GetAsync("/chat/devices/")).Body);
        JsonElement email = answer.RootElement.GetProperty("email");
        return (email.GetProperty("confirmed").GetString(), email.GetProperty("pending").GetString());
    }

    internal static ICredentialStore Credentials(this ChatServerHost server) => server.Services.GetRequiredService<ICredentialStore>();

    /// <summary>Nothing in the server's own log tells whose addresses there are.</summary>
    internal static void HasNoAddressInItsLog(this ChatServerHost server) => Assert.DoesNotContain(
        server.Logs.Lines, static line => $"{line.Text} {line.Exception}".Contains("mail.example", StringComparison.OrdinalIgnoreCase));
}
