using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Watching;

/// <summary>The meter <c>ErlChat</c>, which operators watch.</summary>
public class MetricsTests
{
    [Fact]
    public async Task The_meter_counts_sessions_polls_mail_waits_evictions_and_refusals()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RateLimitCount=3");
        using var meter = new MeterReader(server.Services.GetRequiredService<IMeterFactory>());
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal(2, meter.Read("erlchat.sessions"));
        Assert.Equal(0, meter.Read("erlchat.polls.parked"));
        Assert.Equal(1, meter.Read("erlchat.mail.sent"));

        await alice.ReadAsync();
        Task<CometAnswer> poll = alice.WaitAsync();
        Task<CometAnswer> gone = bob.RequestAsync(
            HttpMethod.Get,
            $"/chat/wait/?msg_id={bob.Cursor}",
            null,
            [],
            cancelled: new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System).Token);
        await server.ParkedAsync(2);
        Assert.Equal(2, meter.Read("erlchat.polls.parked"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await server.ParkedAsync(1);
        server.Clock.Advance(TimeSpan.FromSeconds(7));
        await bob.SendAsync("hi");
        await poll;
        Assert.Equal(3, meter.Read("erlchat.mail.sent"));
        await alice.WaitAsync("?msg_id=-1");
        await alice.SendAsync("x", to: "nobody");
        await alice.SendAsync(new string('x', 3000));
        await server.Stranger().LoginAsync("ALICE");
        await server.Stranger().LoginAsync("!!");
        Task<CometAnswer> timeout = alice.WaitAsync();
        await server.ParkedAsync(1);
        server.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True((await timeout).IsReconnect);

        await Eventually.BeTrueAsync(() => meter.Waits.Count == 5);
        Assert.Equal(
            ["Aborted", "Mail", "Mail", "Resync", "Timeout"], meter.Waits.Select(wait => wait.Outcome).Order(StringComparer.Ordinal));
        Assert.Contains(meter.Waits, wait => wait is { Outcome: "Mail", Seconds: 7 });
        Assert.Equal(["NickInvalid", "NickTaken", "NoSuchUser", "TooLong"], meter.Refusals.Order(StringComparer.Ordinal));

        server.Clock.Advance(TimeSpan.FromSeconds(170));
        await Eventually.BeTrueAsync(() => meter.Read("erlchat.evictions") == 2);
        Assert.Equal(0, meter.Read("erlchat.sessions"));
        Assert.Equal(0, meter.Read("erlchat.polls.parked"));
    }

    /// <summary>Listens to the meter of one server, although the process has others of the same name.</summary>
    private sealed class MeterReader : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _values = new();

        internal MeterReader(IMeterFactory factory)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "ErlChat" && ReferenceEquals(instrument.Meter.Scope, factory))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (instrument.Name == "erlchat.refusals")
                    Refusals.Enqueue((string)tags[0].Value!);
                _values[instrument.Name] = value;
            });
            _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _values[instrument.Name] = value);
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            {
                if (instrument.Name == "erlchat.wait.duration")
                    Waits.Enqueue(((string)tags[0].Value!, value));
            });
            _listener.Start();
        }

        internal ConcurrentQueue<string> Refusals { get; } = new();

        internal ConcurrentQueue<(string Outcome, double Seconds)> Waits { get; } = new();

        internal long Read(string name)
        {
            _listener.RecordObservableInstruments();
            return _values[name];
        }

        public void Dispose() => _listener.Dispose();
    }
}
