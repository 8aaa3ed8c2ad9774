using ErlChat.History;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Serialization;
using ErlChat.Sessions;
using ErlChat.State;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>What the log keeps about names, mutes and users.</summary>
public sealed class NamesTests : IAsyncDisposable
{
    private const string A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // The new members of this version are written next to the old ones, and entries without them are read as before.
    [Fact]
    public void Looks_and_receivers_are_members_of_their_own()
    {
        var a = SessionKey.Of("a");
        Entry[] entries =
        [
            new Joined(a, "alice", "alice", "0123", null, false, "192.0.2.1", "lobby", 3, 16) { NickLook = "allce", NameLook = "x" },
            new EnteredRoom(a, "dev1", true, 10, 5) { Look = "devl" },
            new Whispered(a, "", "psst") { ToId = "4567" },
        ];
        Assert.Equal(
            [
                $$"""{"nick":"alice","name":"alice","user_id":"0123","adjust_nick":"""
                    + $$"""false,"host":"192.0.2.1","home":"lobby","host_limit":3,"nick_limit":"""
                    + $$"""16,"nick_look":"allce","name_look":"x","session":"{{A}}"}""",
                $$"""{"room":"dev1","quiet":true,"room_limit":10,"session_room_limit":5,"look":"devl","session":"{{A}}"}""",
                $$"""{"to":"","text":"psst","to_id":"4567","session":"{{A}}"}""",
            ],
            entries.Select(entry => EntryCodec.Encode(entry).Body));
        foreach (Entry entry in entries)
        {
            Entry whole = entry with { Id = new CommandId("run", 1), At = DateTimeOffset.UnixEpoch };
            Assert.Equal(whole, EntryCodec.Decode(EntryCodec.Encode(whole)));
        }
    }

    // With a snapshot and without: the fold must not be asked anew who looks like whom, or who is muted.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_keeps_mutes_looks_and_who_wrote_to_whom(bool crash)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession admin = await chat.LoginAdminAsync("boss");
        TestSession robert = await chat.LoginAsync("robert"), bob = await chat.LoginAsync("bob");
        await bob.SubmitAsync("to the first", to: "robert");
        await admin.SubmitAsync("/admin mute bob 3600");
        await chat.Room.LeaveAsync(robert.Key).WithinAsync();
        TestSession second = await chat.LoginAsync("ROBERT");
        await admin.SubmitAsync("to the second", to: "robert");
        await chat.Room.EnterAsync(admin.Key, "dev1").WithinAsync();
        await chat.Room.LeaveAsync(bob.Key).WithinAsync();
        await _parts.StopAsync(chat, crash);

        IReadOnlyList<Act> acts = chat.Room.Acts();
        chat = await _parts.StartChatAsync();
        Assert.Equal(acts, chat.Room.Acts());
        Assert.Equal([ActKind.Muted, ActKind.Granted], acts.Select(act => act.Kind));
        JoinResult again = await chat.Room.JoinAsync(new JoinRequest("Bob", "192.0.2.99")).WithinAsync();
        Assert.Equal(Refusal.Muted, Assert.IsType<Refused>(
            await chat.Submissions.SubmitAsync(new Submission(again.Session, "x")).WithinAsync()).Why);
        JoinResult alike = await chat.Room.JoinAsync(new JoinRequest("r0bert", "192.0.2.99")).WithinAsync();
        Assert.Equal(Refusal.NickTaken, Assert.IsType<Refused>(alike.Outcome).Why);
        Assert.Equal(Refusal.LooksAlike, Assert.IsType<Refused>(await chat.Room.EnterAsync(second.Key, "devI").WithinAsync()).Why);

        Assert.Equal("to the second", Assert.Single(await ReadAsync(chat, admin, new Correspondent(null, second.Who.UserId))));
        Assert.Empty(await ReadAsync(chat, admin, new Correspondent("robert", robert.Who.UserId)));
        Assert.Equal("to the second", Assert.Single(await ReadAsync(chat, admin, "Robert")));
        Assert.Empty(await ReadAsync(chat, second, new Correspondent(null, bob.Who.UserId)));
        await _parts.StopAsync(chat);
    }

    private static async Task<string[]> ReadAsync(TestChat chat, TestSession reader, Correspondent with) =>
        [.. (await chat.Room.PrivateHistoryAsync(reader.Key, with, long.MaxValue, 10, CancellationToken.None).AsTask().WithinAsync())!
            .Select(mail => mail.Content.Words!)];
}
