using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Sqlite.Log;

namespace ErlChat.Tests;

/// <summary>The contract of every log, and what the durable one promises beyond it.</summary>
public sealed class SqliteLogTests : ChatLogContract
{
    private readonly List<SqliteParts> _parts = [];

    protected override Task<IChatLog> OpenAsync()
    {
        var parts = new SqliteParts();
        _parts.Add(parts);
        return Task.FromResult<IChatLog>(parts.OpenLog());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (SqliteParts parts in _parts)
            await parts.DisposeAsync();
    }

    [Fact]
    public async Task After_a_restart_it_is_the_same_log_with_the_same_entries_and_goes_on_above_them()
    {
        IChatLog log = await OpenAsync();
        string epoch = log.Epoch;
        Entry[] before = await AppendAsync(log, 5);
        _parts[0].Close();

        SqliteLog again = _parts[0].OpenLog();
        Entry[] after = await AppendAsync(again, 2);
        LogEntry[] read = await ReadAsync(again, after: 0, count: 7).WithinAsync();
        Assert.Equal(epoch, again.Epoch);
        Assert.Equal([.. before, .. after], read.Select(entry => entry.Entry));
        Assert.Equal(read.Select(entry => entry.Sequence).Order().Distinct(), read.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task A_sequence_is_not_given_again_though_its_entry_is_gone()
    {
        IChatLog log = await OpenAsync();
        await AppendAsync(log, 5);
        _parts[0].Close();
        _parts[0].Execute("DELETE FROM entry WHERE sequence > 2");
        SqliteLog again = _parts[0].OpenLog();
        await AppendAsync(again, 1);
        Assert.Equal([1, 2, 6], (await ReadAsync(again, after: 0, count: 3).WithinAsync()).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task A_cancelled_append_adds_nothing()
    {
        IChatLog log = await OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => log.AppendAsync(EveryEntry.Kinds().First(), new CancellationToken(canceled: true)).WithinAsync());
        Entry[] entries = await AppendAsync(log, 1);
        Assert.Equal(entries, (await ReadAsync(log, after: 0, count: 1).WithinAsync()).Select(entry => entry.Entry));
    }

    // The fold must see live what it will see in a replay, and no JSON can carry half a surrogate pair.
    [Fact]
    public async Task What_the_file_cannot_carry_the_reader_does_not_get_either()
    {
        IChatLog log = await OpenAsync();
        IAsyncEnumerator<LogEntry> following = log.ReadAsync(0, CancellationToken.None).GetAsyncEnumerator();
        ValueTask<bool> next = following.MoveNextAsync();
        await log.AppendAsync(new TopicSet(SessionKey.Of("a"), "den", "half \ud800 pair"), CancellationToken.None).WithinAsync();
        Assert.True(await next.WithinAsync());
        Entry live = following.Current.Entry;
        await following.DisposeAsync();
        LogEntry[] replayed = await ReadAsync(log, after: 0, count: 1).WithinAsync();
        Assert.Equal(replayed[0].Entry, live);
        Assert.Equal("half \ufffd pair", ((TopicSet)live).Topic);
    }

    [Fact]
    public async Task Entries_that_nobody_can_read_keep_their_place_and_do_nothing()
    {
        IChatLog log = await OpenAsync();
        Entry[] entries = await AppendAsync(log, 4);
        _parts[0].Close();
        _parts[0].Execute("UPDATE entry SET kind = 'of_the_future' WHERE sequence = 2");
        _parts[0].Execute("UPDATE entry SET body = '{\"session\":\"zz\"' WHERE sequence = 3");
        _parts[0].Logs.Expect("UnreadableEntry");
        LogEntry[] read = await ReadAsync(_parts[0].OpenLog(), after: 0, count: 4).WithinAsync();
        Assert.Equal([entries[0], new Unreadable(), new Unreadable(), entries[3]], read.Select(entry => entry.Entry));
        Assert.Equal(2, _parts[0].Logs.Of("UnreadableEntry").Count);
    }

    [Fact]
    public async Task Only_the_servers_own_user_can_read_the_files()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no modes.");
            return;
        }

        IChatLog log = await OpenAsync();
        await AppendAsync(log, 1);
        foreach (string file in Directory.GetFiles(_parts[0].Folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task No_token_is_in_the_file()
    {
        await using var parts = new SqliteParts();
        TestChat chat = await parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("hello");
        await parts.StopAsync(chat);
        byte[] bytes = await File.ReadAllBytesAsync(parts.File);
        Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(alice.Key.ToString())) >= 0);
        Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(alice.Token)) < 0);
    }
}
