using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Web.Tests.Answers;

/// <summary>What clients can make the server hold by not reading: S6 to S9, in figures. The clients are in the same process, and hold next to nothing.</summary>
[Trait("Category", "Soak")]
public class AnswerSoakTests
{
    private const int Mega = 1024 * 1024;

    // 201 -> 2 809 MB.
    [Fact]
    public async Task Sixty_pages_of_history_that_nobody_reads()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:MaxMessageLength=20000"]);
        CometClient alice = await server.LoginAsync("alice");
        await TalkAsync(server, alice, 200);
        await MeasureAsync("S6: 60 unread pages of history of one session", server, alice, 60, "/chat/history/?limit=200");
    }

    // 801 MB.
    [Fact]
    public async Task Two_hundred_lists_of_rooms_that_nobody_reads()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:MaxRoomsPerSession=10000"]);
        CometClient alice = await server.LoginAsync("alice");
        var key = SessionKey.Of(alice.Token!);
        for (int i = 0; i < 1568; i++)
        {
            await server.Room.EnterAsync(key, $"room{i}");
            await server.Submissions.SubmitAsync(new Submission(key, "/topic " + new string('é', 350)) { Room = $"room{i}" });
        }

        await MeasureAsync("S7: 200 unread lists of 1 568 rooms", server, alice, 200, "/chat/rooms/");
    }

    // Up to 1 MB for each connection, for 130 s.
    [Fact]
    public async Task A_thousand_polls_on_an_old_cursor_that_nobody_reads()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:MaxMessageLength=20000"]);
        CometClient alice = await server.LoginAsync("alice");
        await TalkAsync(server, alice, 20);
        await MeasureAsync("S8: 1 000 unread polls of one session", server, alice, 1000, $"/chat/wait/?msg_id={alice.Cursor}");
    }

    // 81 MB for 32, and nothing kept there from being more.
    [Fact]
    public async Task Three_hundred_full_mailboxes()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:MaxMessageLength=20000", "Chat:HistoryPerRoom=0", "Chat:MaxMailboxBytesTotal=33554432"]);
        CometClient alice = await server.LoginAsync("alice");
        var key = SessionKey.Of(alice.Token!);
        long before = Resident();
        for (int i = 0; i < 300; i++)
        {
            await server.Room.JoinAsync(new JoinRequest($"full{i}", "192.0.2.1"));
            for (int n = 0; n < 22; n++)
                await server.Submissions.SubmitAsync(new Submission(key, new string('ü', 8000)) { To = $"full{i}" });
        }

        long after = Resident();
        Console.WriteLine($"S9: 300 mailboxes of 0.5 MB weight each, bound 32 MiB: {before / Mega} -> {after / Mega} MB; {server.Office.HeldBytes / Mega} MiB held, {server.Office.Dropped} dropped.");
        Assert.InRange(server.Office.HeldBytes, 1, 32 * Mega);
        Assert.True(after - before < 250 * Mega, $"{(after - before) / Mega} MB");
    }

    private static async Task MeasureAsync(string what, ChatServerHost server, CometClient who, int connections, string path)
    {
        long before = Resident();
        List<Greedy> many = [];
        for (int i = 0; i < connections; i++)
        {
            many.Add(await Greedy.ConnectAsync(server.Port));
            await many[i].AskAsync(path, who.Token);
        }

        long most = 0;
        for (int i = 0; i < 10; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
            most = Math.Max(most, Resident());
        }

        Console.WriteLine($"{what}: {before / Mega} -> {most / Mega} MB.");
        many.ForEach(one => one.Dispose());
        Assert.True(most - before < 250 * Mega, $"{(most - before) / Mega} MB");
    }

    private static async Task TalkAsync(ChatServerHost server, CometClient who, int messages)
    {
        var key = SessionKey.Of(who.Token!);
        for (int i = 0; i < messages; i++)
            await server.Submissions.SubmitAsync(new Submission(key, new string('ü', 8000)));
    }

    private static long Resident()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }
}
