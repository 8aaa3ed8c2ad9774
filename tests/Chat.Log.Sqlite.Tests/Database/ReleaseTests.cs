using System.Text.Json;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Members;
using ErlChat.State;
using ErlChat.Submissions;
using static ErlChat.Tests.ReleaseFixture;

namespace ErlChat.Tests;

/// <summary>
/// Today's program must find all that is in the databases of earlier releases (<see cref="ReleaseFixture"/>). Every new version of the
/// database or the snapshot adds the fixture of the release before.
/// </summary>
public sealed class ReleaseTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ReleaseTests() => (_parts.Options.SnapshotEvery, _parts.Options.RestoreMail) = (100, 20);

    public static TheoryData<string, bool> Fixtures
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (string name in ReleaseFixture.All)
            {
                all.Add(name, true);
                all.Add(name, false);
            }

            return all;
        }
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Everything_a_release_wrote_is_there_and_its_sessions_continue(string name, bool withSnapshots)
    {
        JsonElement said = Unpack(name, _parts);
        if (!withSnapshots)
            _parts.Execute("DELETE FROM snapshot");
        TestChat chat = await StartAsync();
        Assert.Equal(said.GetProperty("epoch").GetString(), _parts.Database.Epoch);
        Assert.Equal(said.GetProperty("entries")[1].GetInt64(), chat.Office.Head);
        Assert.Empty(_parts.Logs.Of("SnapshotUnusable"));
        CheckPeople(chat, said);
        await CheckMembersAsync(chat, said);
        await CheckHistoryAsync(chat, said);
        await CheckBansAsync(chat, said);

        // The acts after the snapshot are known, too: such releases had no list of them, and wrote the same entries.
        Assert.Equal([ActKind.Banned, ActKind.Muted], chat.Room.Acts().Take(2).Select(act => act.Kind));

        SessionKey ada = KeyOf(said, "ada");
        Assert.IsAssignableFrom<Accepted>(await chat.Submissions.SubmitAsync(new Submission(ada, "words of today")).WithinAsync());
        Assert.Equal("words of today", Assert.Single((await SearchAsync(chat, ada, "words of tod"))!).Content.Words);
        if (said.GetProperty("schema").GetInt32() < Schema.WithPartsOfWords)
            await Eventually.BeTrueAsync(() => _parts.Logs.Of("SearchIndexMended").Count == 1);
        await CheckSearchesAsync(chat, said);
        await _parts.StopAsync(chat);
        Assert.Equal(Schema.Version, _parts.Scalar<long>("PRAGMA user_version"));
        Assert.True(_parts.Scalar<long>("SELECT count(*) FROM entry") > said.GetProperty("entries")[0].GetInt64());
        using var output = new StringWriter();
        Assert.True(LogTool.Run(["verify"], _parts.File, output, output) == 0, output.ToString());
        if (said.GetProperty("schema").GetInt32() == Schema.Version)
            return;
        string copy = Assert.Single(Directory.GetFiles(_parts.Folder, "chat.db.schema*"));
        Assert.Contains(copy, Assert.Single(_parts.Logs.Of("DatabaseUpgraded")).Text, StringComparison.Ordinal);
    }

    private Task<TestChat> StartAsync() =>
        _parts.StartChatAsync(new ManualTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)));

    private static void CheckPeople(TestChat chat, JsonElement said)
    {
        foreach (JsonElement one in said.GetProperty("people").EnumerateArray())
        {
            SessionView view = chat.Room.Find(SessionKey.Parse(one.GetProperty("key").GetString()!))!;
            Assert.Equal(one.GetProperty("nick").GetString(), view.Who.Nick);
            Assert.Equal(one.GetProperty("user_id").GetString(), view.Who.UserId);
            Assert.Equal(TextsOf(one.GetProperty("rooms")), view.Rooms.Order(StringComparer.Ordinal));
        }

        Assert.Equal(
            said.GetProperty("rooms").EnumerateArray().Select(room =>
                new RoomView(
                    room.GetProperty("name").GetString()!, room.GetProperty("topic").GetString()!, room.GetProperty("members").GetInt32())
                {
                    Title = room.TryGetProperty("title", out JsonElement title) ? title.GetString() : null,
                }),
            chat.Room.Rooms().Where(room => !room.IsPrivate).OrderBy(room => room.Name, StringComparer.Ordinal));
        Assert.True(chat.Room.Find(KeyOf(said, "ada"))!.IsAdmin);
    }

    private async Task CheckMembersAsync(TestChat chat, JsonElement said)
    {
        if (!said.TryGetProperty("members", out JsonElement members))
            return;
        var credentials = new SqliteCredentials(_parts.Database);
        foreach (JsonElement one in members.EnumerateArray())
        {
            string nick = one.GetProperty("nick").GetString()!, userId = one.GetProperty("user_id").GetString()!;
            (Person who, bool isMember) = chat.Room.FindPerson(nick)!.Value;
            Assert.Equal((nick, userId, true), (who.Nick, who.UserId, isMember));
            Assert.NotNull(await credentials.FindPasswordAsync(userId, default));
            foreach (string key in TextsOf(one.GetProperty("keys")))
            {
                SessionView view = chat.Room.Find(SessionKey.Parse(key))!;
                Assert.Equal((userId, true, true), (view.Who.UserId, view.IsMember, view.IsKept));
                Assert.Equal(one.GetProperty("admin").GetBoolean(), view.IsAdmin);
                Assert.Equal(
                    one.GetProperty("read").EnumerateArray().Select(mark => mark.GetProperty("up_to").GetInt64()),
                    chat.Room.MarksOf(view.Key).Select(mark => mark.UpTo));
            }
        }

        JsonElement vault = said.GetProperty("vault");
        RoomDetails details = chat.Room.DetailsOf(KeyOf(said, "mia"), "vault")!;
        Assert.True(details.Room.IsPrivate);
        Assert.Equal(vault.GetProperty("owner").GetString(), details.Owner);
        Assert.Equal(TextsOf(vault.GetProperty("moderators")), details.Moderators);
        Assert.Null(chat.Room.DetailsOf(KeyOf(said, "ada"), "vault"));

        // While the links of then are valid.
        JsonElement reset = said.GetProperty("links").GetProperty("reset");
        DateTimeOffset until = reset.GetProperty("until").GetDateTimeOffset();
        Assert.Equal(
            chat.Room.FindPerson("noa")!.Value.Who.UserId,
            await credentials.FindResetLinkAsync(reset.GetProperty("hash").GetString()!, until.AddMinutes(-1), default));
        if (said.GetProperty("links").TryGetProperty("invitation", out JsonElement invitation))
        {
            Assert.NotNull(await credentials.FindInvitationAsync(
                invitation.GetProperty("hash").GetString()!, invitation.GetProperty("until").GetDateTimeOffset().AddMinutes(-1), default));
        }

        if (said.TryGetProperty("identity", out JsonElement identity))
        {
            var elsewhere = new ExternalIdentity(identity.GetProperty("issuer").GetString()!, identity.GetProperty("subject").GetString()!);
            Assert.Equal(identity.GetProperty("user_id").GetString(), await credentials.FindIdentityAsync(elsewhere, default));
        }

        if (said.TryGetProperty("email", out JsonElement email))
        {
            string owner = email.GetProperty("user_id").GetString()!;
            Assert.Equal(email.GetProperty("address").GetString(), (await credentials.FindEmailsAsync(owner, default, default)).Confirmed);
        }
    }

    private static async Task CheckHistoryAsync(TestChat chat, JsonElement said)
    {
        foreach (JsonProperty room in said.GetProperty("history").EnumerateObject())
        {
            SessionKey reader = KeyOf(said, room.Name switch { "garden" => "eva", "teahouse" => "mo", "vault" => "mia", _ => "ada" });
            MailPage page = (await chat.Room.HistoryAsync(reader, room.Name, long.MaxValue, 10_000, CancellationToken.None).WithinAsync())!;
            Assert.Equal(room.Value.EnumerateArray().Select(FactOf), page.Select(FactOf));
        }

        foreach (JsonElement pages in said.GetProperty("private").EnumerateArray())
        {
            SessionKey reader = KeyOf(said, pages.GetProperty("nick").GetString()!);
            var with = new Correspondent(pages.GetProperty("with").GetString());
            MailPage page = (await chat.Room.PrivateHistoryAsync(reader, with, long.MaxValue, 10_000, default).WithinAsync())!;
            Assert.NotEmpty(page);
            Assert.Equal(pages.GetProperty("items").EnumerateArray().Select(FactOf), page.Select(FactOf));
        }

        await CheckSearchesAsync(chat, said);
    }

    private static async Task CheckSearchesAsync(TestChat chat, JsonElement said)
    {
        foreach (JsonElement search in said.GetProperty("searches").EnumerateArray())
        {
            MailPage? page = await SearchAsync(chat, KeyOf(said, "ada"), search.GetProperty("query").GetString()!);
            Assert.Equal(search.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()), page!.Select(mail => mail.Sequence));
        }
    }

    private static async Task CheckBansAsync(TestChat chat, JsonElement said)
    {
        JoinResult banned = await chat.Room.JoinAsync(new JoinRequest("somebody", said.GetProperty("banned").GetString()!)).WithinAsync();
        Assert.Equal(Refusal.HostBanned, Assert.IsType<Refused>(banned.Outcome).Why);
        SessionKey mo = KeyOf(said, said.GetProperty("muted").GetString()!);
        Outcome? muted = await chat.Submissions.SubmitAsync(new Submission(mo, "hm")).WithinAsync();
        Assert.Equal(Refusal.Muted, Assert.IsType<Refused>(muted).Why);
    }

    private static async Task<MailPage?> SearchAsync(TestChat chat, SessionKey reader, string query)
    {
        Assert.True(SearchQuery.TryParse(query, out SearchQuery? parsed));
        return await chat.Room.SearchAsync(reader, parsed, null, long.MaxValue, 10_000, CancellationToken.None).WithinAsync();
    }

    private static Fact FactOf(Mail mail) => mail.Content switch
    {
        Spoken spoken => new Fact(mail.Sequence, spoken.Action ? "action" : "said", spoken.Who.Nick, spoken.Text),
        TopicChanged topic => new Fact(mail.Sequence, "topic", topic.Who.Nick, topic.Topic),
        Whisper whisper => new Fact(mail.Sequence, "whisper", whisper.From.Nick, whisper.Text, whisper.To.Nick, whisper.Own),
        MailContent other => throw new InvalidOperationException(other.ToString()),
    };

    private static Fact FactOf(JsonElement item) => new(
        item.GetProperty("id").GetInt64(),
        item.GetProperty("kind").GetString()!,
        item.GetProperty("nick").GetString()!,
        item.GetProperty("text").GetString()!,
        item.TryGetProperty("to", out JsonElement to) ? to.GetString() : null,
        item.TryGetProperty("own", out JsonElement own) && own.GetBoolean());

    private sealed record Fact(long Id, string Kind, string Nick, string Text, string? To = null, bool Own = false);
}
