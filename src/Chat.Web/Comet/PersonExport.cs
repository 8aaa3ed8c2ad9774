using System.Buffers;
using System.Text.Json;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Backpressure;

namespace ErlChat.Web.Comet;

/// <summary>
/// Writes all that the chat has of a person as lines of JSON (docs/privacy.md has the kinds). The messages come in parts, each of which is
/// sent before the next is read. The last line is of the kind <c>end</c>; without it, the export is not complete.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PersonExport(
    ChatRoom room, ICredentialStore credentials, AnswerWriter answers, ExportTurns turns, TimeProvider time)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = WireEncoder.Instance, SkipValidation = true };

    /// <summary>Answers a request with an export.</summary>
    /// <param name="context">The request, which has room for a long answer (<see cref="LongAnswerAttribute"/>).</param>
    /// <param name="userId">The person.</param>
    /// <param name="isOwn">Whether the person asks. An administrator gets nothing that was written in private.</param>
    /// <returns>Null if it was sent; otherwise refused for NoSuchUser, RateLimited or Unavailable (<see cref="StatusOf"/>).</returns>
    internal async Task<Refused?> SendAsync(HttpContext context, string userId, bool isOwn)
    {
        if (room.Records.Find(userId, publicOnly: !isOwn) is not { } person)
            return new Refused(Refusal.NoSuchUser);
        using IDisposable? turn = turns.TryBegin(userId, out TimeSpan wait);
        if (turn is null)
            return new Refused(Refusal.RateLimited, wait);
        CancellationToken gone = context.RequestAborted;
        var lines = new ArrayBufferWriter<byte>();
        AuthorPage said;
        try
        {
            await WriteFactsAsync(lines, person, gone);
            said = await room.Records.RoomMessagesAsync(person, long.MaxValue, publicOnly: !isOwn, gone);
        }
        catch (LogUnavailableException)
        {
            return new Refused(Refusal.Unavailable);
        }

        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"chat-data.jsonl\"";
        try
        {
            await answers.WriteLinesAsync(context, output => WriteAsync(output, lines, person, said, isOwn, gone));
        }
        catch (Exception e) when (e is LogUnavailableException or OperationCanceledException)
        {
            // The beginning was sent already, so only an end of the connection tells the client that the rest is missing.
            context.Abort();
        }

        return null;
    }

    /// <summary>The HTTP status of a refusal. With 200, a browser would save the refusal as the file.</summary>
    internal static int StatusOf(Refused refused) => refused.Why switch
    {
        Refusal.RateLimited => StatusCodes.Status429TooManyRequests,
        Refusal.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status404NotFound,
    };

    private async ValueTask WriteAsync(
        PieceWriter output, ArrayBufferWriter<byte> lines, PersonRecord person, AuthorPage said, bool isOwn, CancellationToken gone)
    {
        while (true)
        {
            foreach (Mail mail in said.Items)
            {
                IReadOnlyList<EarlierText> earlier = await room.Records.EarlierTextsAsync(mail, gone);
                Line(lines, json => WriteMessage(json, mail, earlier));
            }

            await SendAsync(output, lines);
            if (said.Before == 0)
                break;
            gone.ThrowIfCancellationRequested();
            said = await room.Records.RoomMessagesAsync(person, said.Before, publicOnly: !isOwn, gone);
        }

        for (long before = long.MaxValue; isOwn;)
        {
            gone.ThrowIfCancellationRequested();
            MailPage page = await room.Records.PrivateMessagesAsync(person, before, gone);
            for (int i = page.Count - 1; i >= 0; i--)
            {
                Mail mail = page[i];
                Line(lines, json => WriteMessage(json, mail, []));
            }

            await SendAsync(output, lines);
            if (!page.More || page.Count == 0)
                break;
            before = page[0].Sequence;
        }

        for (long before = long.MaxValue; before > 0;)
        {
            gone.ThrowIfCancellationRequested();
            PersonReactions part = await room.Records.ReactionsAsync(person, before, publicOnly: !isOwn, gone);
            foreach (PersonReaction reaction in part.Items)
                Line(lines, json => WriteReaction(json, reaction));
            await SendAsync(output, lines);
            before = part.Before;
        }

        Line(lines, static json => json.WriteString("kind"u8, "end"u8));
        await SendAsync(output, lines);
        await output.EndAsync();
    }

    private async Task WriteFactsAsync(ArrayBufferWriter<byte> lines, PersonRecord person, CancellationToken gone)
    {
        bool hasPassword = await credentials.FindPasswordAsync(person.Who.UserId, gone) is not null;
        IReadOnlyList<ExternalIdentity> identities = await credentials.IdentitiesOfAsync(person.Who.UserId, gone);
        MemberEmails emails = await credentials.FindEmailsAsync(person.Who.UserId, time.GetUtcNow(), gone);
        Line(lines, json => WritePerson(json, person, hasPassword));
        foreach (ExternalIdentity identity in identities)
        {
            Line(lines, json =>
            {
                json.WriteString("kind"u8, "identity"u8);
                json.WriteString("issuer"u8, identity.Issuer);
                json.WriteString("subject"u8, identity.Subject);
            });
        }

        WriteEmail(lines, emails.Confirmed, isConfirmed: true);
        WriteEmail(lines, emails.Pending, isConfirmed: false);
        foreach (SessionView device in person.Devices)
            Line(lines, json => WriteDevice(json, device));
        foreach ((string name, RoomRole role) in person.Rooms)
        {
            Line(lines, json =>
            {
                json.WriteString("kind"u8, "room"u8);
                json.WriteString("room"u8, name);
                json.WriteString("role"u8, JsonLists.WordOf(role));
            });
        }

        if (person.Preferences is { } preferences)
        {
            Line(lines, json =>
            {
                json.WriteString("kind"u8, "preferences"u8);
                json.WritePreferencesInside(preferences);
            });
        }

        foreach ((string name, string id, DateTimeOffset until) in person.Links)
        {
            Line(lines, json =>
            {
                json.WriteString("kind"u8, "link"u8);
                json.WriteString("room"u8, name);
                json.WriteString("id"u8, id);
                json.WriteString("until"u8, until.UtcDateTime);
            });
        }

        foreach (ReadMark mark in person.Marks)
        {
            Line(lines, json =>
            {
                json.WriteString("kind"u8, "read"u8);
                json.WriteMark(mark);
            });
        }
    }

    private static void WriteEmail(ArrayBufferWriter<byte> lines, string? address, bool isConfirmed)
    {
        if (address is null)
            return;
        Line(lines, json =>
        {
            json.WriteString("kind"u8, "email"u8);
            json.WriteString("address"u8, address);
            json.WriteBoolean("confirmed"u8, isConfirmed);
        });
    }

    private static void WritePerson(Utf8JsonWriter json, PersonRecord person, bool hasPassword)
    {
        json.WriteString("kind"u8, "person"u8);
        Write(json, person.Who, "nick"u8, "name"u8, "user_id"u8);
        json.WriteBoolean("member"u8, person.MemberSince is not null);
        if (person.MemberSince is { } since)
            json.WriteString("member_since"u8, since.UtcDateTime);
        json.WriteBoolean("password"u8, hasPassword);
        json.WriteBoolean("admin"u8, person.IsAdmin);
        if (person.MutedUntil is { } until)
            json.WriteString("muted_until"u8, until.UtcDateTime);
        json.WriteString("last_active"u8, person.LastActiveAt.UtcDateTime);
    }

    private static void WriteDevice(Utf8JsonWriter json, SessionView device)
    {
        json.WriteString("kind"u8, "device"u8);
        json.WriteString("id"u8, MemberAccounts.DeviceId(device));
        json.WriteString("host"u8, HostAddress.Shown(device.Host));
        json.WriteString("since"u8, device.Since.UtcDateTime);
        json.WriteBoolean("online"u8, device.IsOnline);
    }

    private static void WriteMessage(Utf8JsonWriter json, Mail mail, IReadOnlyList<EarlierText> earlier)
    {
        StoredMessage message = StoredMessage.Of(mail.Content);
        json.WriteString("kind"u8, "message"u8);
        json.WriteNumber("id"u8, mail.Sequence);
        json.WriteString("at"u8, mail.At.UtcDateTime);
        json.WriteString("type"u8, message.Kind);
        if (StoredMessage.RoomOf(mail) is { } name)
            json.WriteString("room"u8, name);
        Write(json, message.Who, "nick"u8, "name"u8, "user_id"u8);
        if (message.To is { } to)
            Write(json, to, "to"u8, "to_name"u8, "to_id"u8);
        json.WriteString("text"u8, message.Text);
        if (message.Parent is { } parent)
            json.WriteNumber("reply_to"u8, parent);
        if (message.Change is { } change)
            json.WriteString(change.IsRemoval ? "deleted"u8 : "edited"u8, change.At.UtcDateTime);
        if (earlier.Count > 0)
        {
            json.WriteObjects("earlier"u8, earlier, static (item, one) =>
            {
                item.WriteString("at"u8, one.At.UtcDateTime);
                item.WriteString("text"u8, one.Text);
            });
        }
    }

    private static void WriteReaction(Utf8JsonWriter json, PersonReaction reaction)
    {
        json.WriteString("kind"u8, "reaction"u8);
        json.WriteNumber("message"u8, reaction.Message);
        if (reaction.Room is { } name)
            json.WriteString("room"u8, name);
        json.WriteString("emoji"u8, reaction.Emoji);
        json.WriteString("at"u8, reaction.At.UtcDateTime);
    }

    private static void Write(Utf8JsonWriter json, Person who, ReadOnlySpan<byte> nick, ReadOnlySpan<byte> name, ReadOnlySpan<byte> id)
    {
        json.WriteString(nick, who.Nick);
        json.WriteString(name, who.Name);
        json.WriteString(id, who.UserId);
    }

    private static void Line(ArrayBufferWriter<byte> lines, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(lines, s_options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        lines.Write("\n"u8);
    }

    private static async ValueTask SendAsync(PieceWriter output, ArrayBufferWriter<byte> lines)
    {
        await output.WriteAsync(lines.WrittenMemory);
        lines.ResetWrittenCount();
    }
}
