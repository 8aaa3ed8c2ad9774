namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>A user of the client library.</summary>
internal sealed class CometPerson(ChatClient client) : Person
{
    private readonly Listener _listener = new(client);

    /// <summary>What happened, as far as this client was told.</summary>
    internal ChatEvent[] Events => _listener.Events;

    /// <summary>All messages that it heard, whether when they were said or after a gap.</summary>
    internal (long Id, string Text)[] Transcript =>
    [
        .. Events.SelectMany(one => one is Resynced anew ? anew.Missed : Enumerable.Repeat(one, 1))
            .OfType<Said>().Select(said => (said.Id, said.Text)),
    ];

    internal override Task HeardAsync(string text, TimeSpan limit) =>
        Eventually.BeTrueAsync(() => Transcript.Any(said => said.Text == text), limit, $"{client.Nick} heard {text}");

    internal override void Check(IReadOnlyList<(long Id, string Text)> all)
    {
        Assert.Equal(all, Transcript);
        Assert.DoesNotContain(Events.OfType<Resynced>(), anew => anew.NewSession);
    }

    public override async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await _listener.DisposeAsync();
    }

    internal override Task<long?> SayAsync(string text) => client.SayAsync(text);
}
