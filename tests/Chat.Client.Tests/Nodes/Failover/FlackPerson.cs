using System.Net.WebSockets;

namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>A user of a flack client, who joins again on the next node whenever the connection ends.</summary>
internal sealed class FlackPerson(string name, Uri[] nodes) : Person
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly List<FlackReader> _connections = [];
    private int _next;
    private volatile bool _isDisposed;

    /// <summary>Joins, and tries until that succeeds.</summary>
    internal async Task JoinAsync()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                _connections.Add(await FlackReader.JoinAsync(nodes[_next++ % nodes.Length], name));
                return;
            }
            catch (Exception e) when (e is WebSocketException or IOException or TimeoutException or ObjectDisposedException && !_isDisposed)
            {
                await Task.Delay(s_pause, TimeProvider.System);
            }
        }
    }

    internal override async Task HeardAsync(string text, TimeSpan limit)
    {
        await JoinAgainAsync();
        await Eventually.BeTrueAsync(() => _connections[^1].Messages.Any(said => said.Text == text), limit, $"{name} heard {text}");
    }

    /// <remarks>Nobody can resume a flack session, so each connection has what was said while it lasted.</remarks>
    internal override void Check(IReadOnlyList<(long Id, string Text)> all)
    {
        foreach (FlackReader connection in _connections)
        {
            (long Sequence, string Text)[] heard = connection.Messages;
            long last = heard.Length > 0 ? heard[^1].Sequence : 0;
            Assert.Equal(all.Where(said => said.Id > connection.Joined && said.Id <= last), heard);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (FlackReader connection in _connections)
            connection.Dispose();
        return ValueTask.CompletedTask;
    }

    internal override async Task<long?> SayAsync(string text)
    {
        await JoinAgainAsync();
        return await _connections[^1].SayAsync(text);
    }

    private async Task JoinAgainAsync()
    {
        if (_connections[^1].Reading.IsCompleted)
            await JoinAsync();
    }
}
