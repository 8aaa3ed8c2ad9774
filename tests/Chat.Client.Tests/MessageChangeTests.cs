using System.Net;

namespace ErlChat.Client.Tests;

public class MessageChangeTests
{
    [Fact]
    public async Task An_edit_and_a_deletion_reach_everyone_and_the_history()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var hers = new Listener(alice);
        await using var his = new Listener(bob);
        long first = (await alice.SayAsync("teh first").WithinAsync())!.Value;
        long second = (await alice.SayAsync("the second").WithinAsync())!.Value;
        await alice.EditAsync(first, "the first").WithinAsync();
        await alice.DeleteAsync(second).WithinAsync();
        await alice.DeleteAsync(second).WithinAsync();

        foreach (Listener one in new[] { hers, his })
        {
            MessageRemoved removed = await one.TheAsync<MessageRemoved>();
            Assert.Equal(new MessageRemoved(removed.Id, removed.At, "lobby", null, second, "alice", ByModerator: false), removed);
            MessageEdited edited = Assert.Single(one.Events.OfType<MessageEdited>());
            Assert.Equal(new MessageEdited(edited.Id, edited.At, "lobby", null, first, "alice", "the first", Action: false), edited);
            Assert.True(first < second && second < edited.Id && edited.Id < removed.Id);
        }

        Said[] history = [.. (await bob.HistoryAsync().WithinAsync()).OfType<Said>()];
        Assert.Equal([("the first", false), ("", true)], history.Select(said => (said.Text, said.IsDeleted)));
        Assert.Equal(his.Events.OfType<MessageEdited>().Single().At, history[0].Edited);
        Assert.Single(his.Events.OfType<MessageRemoved>());
    }

    [Fact]
    public async Task Private_messages_are_changed_for_both_and_name_the_other_user()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var hers = new Listener(alice);
        await using var his = new Listener(bob);
        long first = (await alice.WhisperAsync("bob", "pssst").WithinAsync())!.Value;
        long second = (await alice.WhisperAsync("bob", "never mind").WithinAsync())!.Value;
        await alice.EditAsync(first, "psst").WithinAsync();
        await alice.DeleteAsync(second).WithinAsync();
        MessageRemoved removed = await his.TheAsync<MessageRemoved>();
        Assert.Equal((null, alice.UserId, second), (removed.Room, removed.WithId, removed.MessageId));
        Assert.Equal(bob.UserId, (await hers.TheAsync<MessageRemoved>()).WithId);
        MessageEdited edited = Assert.Single(his.Events.OfType<MessageEdited>());
        Assert.Equal((null, "psst"), (edited.Room, edited.Text));
        IReadOnlyList<Whispered> history = await bob.PrivateHistoryAsync().WithinAsync();
        Assert.Equal([("psst", true, false), ("", false, true)], history.Select(one => (one.Text, one.Edited is not null, one.IsDeleted)));
    }

    [Fact]
    public async Task What_may_not_be_changed_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:EditWindow=00:00:00.001");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        long said = (await alice.SayAsync("as it is").WithinAsync())!.Value;
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.Equal(ChatRefusal.TooOld, await Quick.RefusalAsync(() => alice.EditAsync(said, "otherwise")));
        Assert.Equal(ChatRefusal.NoSuchMessage, await Quick.RefusalAsync(() => bob.EditAsync(said, "otherwise")));
        Assert.Equal(ChatRefusal.NoSuchMessage, await Quick.RefusalAsync(() => bob.DeleteAsync(said)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bob.DeleteAsync(0));
    }

    [Fact]
    public async Task A_reader_that_falls_behind_learns_what_was_done_to_messages_that_it_has_read()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxMailboxItems=4", "Chat:KeepAcknowledged=0");
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { MaxBufferedEvents = 1 });
        await using ChatClient bob = await server.LoginAsync("bob");
        long[] read = await SayAsync(bob, "one", "two", "three");
        long whisper = (await bob.WhisperAsync("alice", "psssst").WithinAsync())!.Value;
        await using (var first = new Listener(alice))
            await first.TheAsync<Whispered>();

        // Nobody reads now, so these fill the buffer and the mailbox. What follows is known only to the history.
        long[] unread = await SayAsync(bob, [.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        await bob.EditAsync(read[0], "ONE").WithinAsync();
        await bob.EditAsync(read[0], "ONE!").WithinAsync();
        await bob.DeleteAsync(read[1]).WithinAsync();
        await bob.EditAsync(whisper, "psst").WithinAsync();
        await bob.EditAsync(unread[49], "fifty").WithinAsync();
        await using var hers = new Listener(alice);
        Resynced anew = await hers.TheAsync<Resynced>();
        await hers.HeardAsync("fifty");
        RoomEvent[] all = [.. anew.Missed, .. hers.Events.OfType<RoomEvent>()];
        Assert.Equal("ONE!", Assert.Single(all.OfType<MessageEdited>(), edited => edited.MessageId == read[0]).Text);
        Assert.Equal("psst", Assert.Single(all.OfType<MessageEdited>(), edited => edited.MessageId == whisper).Text);
        Assert.Equal(read[1], Assert.Single(all.OfType<MessageRemoved>()).MessageId);
        Assert.DoesNotContain(all.OfType<MessageEdited>(), edited => edited.MessageId == read[2]);
        Assert.Equal(anew.Missed.Select(missed => missed.Id).Order(), anew.Missed.Select(missed => missed.Id));
        Assert.False(anew.MayLack);
    }

    /// <summary>Servers without changes answer 404. The stream must not restart forever.</summary>
    [Fact]
    public async Task A_server_without_changes_does_not_stop_the_stream()
    {
        using var server = new ScriptedServer();
        server.Answer = (path, _) => path.StartsWith("/chat/changes/", StringComparison.Ordinal)
            ? Task.FromResult(ScriptedServer.Status(HttpStatusCode.NotFound))
            : null;
        server.Poll("""{"status":"error","response":"resync"}""");
        server.Poll("""{"status":"ok","response":[{"id":200,"t":"chat_msg","d":{"nick":"bob","msg":"still here"}}]}""");
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        await hers.HeardAsync("still here");
        Assert.Single(hers.Events.OfType<Resynced>());
    }

    private static async Task<long[]> SayAsync(ChatClient client, params string[] texts)
    {
        var ids = new List<long>();
        foreach (string text in texts)
            ids.Add((await client.SayAsync(text).WithinAsync())!.Value);
        return [.. ids];
    }
}
