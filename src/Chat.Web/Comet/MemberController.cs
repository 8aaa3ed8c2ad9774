using System.Globalization;
using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Site;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>The calls about oneself as a member: keep the nick, change the password, and see and end one's devices.</summary>
internal sealed class MemberController(
    ChatRoom room,
    MemberAccounts members,
    IOptions<SmtpOptions> smtp,
    IOptions<OidcOptions> provider,
    PostOffice office,
    ChatMetrics metrics)
    : CometController(office, metrics)
{
    [HttpPost("/chat/register")]
    public Task<IActionResult> Register() =>
        CommandAsync(room, (session, form) => members.RegisterAsync(session, form["password"] ?? "", form.Named("invitation")));

    [HttpPost("/chat/password")]
    public Task<IActionResult> ChangePassword() =>
        CommandAsync(room, (session, form) => members.ChangePasswordAsync(session, form["password"] ?? "", form["new_password"] ?? ""));

    /// <summary>
    /// One's devices and, beside them, what proves who a member is: whether there is a password, the e-mail addresses if the server sends
    /// e-mail, and whether there is an account at the provider if there is one.
    /// </summary>
    [HttpGet("/chat/devices")]
    public async Task<IActionResult> Devices()
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        CancellationToken gone = HttpContext.RequestAborted;
        bool? hasPassword = await members.HasPasswordAsync(box.Owner, gone);
        MemberEmails? emails = hasPassword == true && smtp.Value.IsOn ? await members.EmailsOfAsync(box.Owner, gone) : null;
        bool? isConnected = hasPassword is not null && provider.Value.NameIfOn is not null
            ? await members.HasIdentityAsync(box.Owner, gone)
            : null;
        return CometReply.Ok(
            json => json.WriteObjects(
                members.DevicesOf(box.Owner), (Utf8JsonWriter item, SessionView device) => Write(item, device, device.Key == box.Owner)),
            hasPassword is { } has ? json => WriteProofs(json, has, emails, isConnected) : null);
    }

    /// <summary>Logs out the device <c>id</c>, or all others if there is none.</summary>
    [HttpPost("/chat/devices/end")]
    public Task<IActionResult> EndDevice() => CommandAsync(room, (session, form) => form.Named("id") is { } id
        ? members.EndDeviceAsync(session, id)
        : members.EndOthersAsync(session));

    /// <summary>How far one has read <c>room</c>, or the private messages with the user id <c>with</c>.</summary>
    [HttpPost("/chat/read")]
    public Task<IActionResult> MarkRead() => CommandAsync(room, (session, form) =>
        long.TryParse(form["up_to"], NumberStyles.None, CultureInfo.InvariantCulture, out long upTo)
            ? room.MarkReadAsync(session, form.Named("room"), form["with"], upTo)
            : Task.FromResult<Outcome>(new Refused(Refusal.NoSuchUser)));

    private void WriteProofs(Utf8JsonWriter json, bool hasPassword, MemberEmails? emails, bool? isConnected)
    {
        json.WriteBoolean("password"u8, hasPassword);
        if (emails is not null)
        {
            json.WriteStartObject("email"u8);
            json.WriteString("confirmed"u8, emails.Confirmed);
            json.WriteString("pending"u8, emails.Pending);
            json.WriteEndObject();
        }

        if (isConnected is { } connected)
        {
            json.WriteStartObject("provider"u8);
            json.WriteString("name"u8, provider.Value.Name);
            json.WriteBoolean("connected"u8, connected);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, SessionView device, bool isThis)
    {
        json.WriteString("id"u8, MemberAccounts.DeviceId(device));
        json.WriteString("host"u8, HostAddress.Shown(device.Host));
        json.WriteString("since"u8, device.Since);
        json.WriteBoolean("online"u8, device.IsOnline);
        json.WriteBoolean("this"u8, isThis);
    }
}
