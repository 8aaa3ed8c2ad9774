using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Benchmarks.Support;

/// <summary>A post office without a chat around it, and so many sessions in its lobby; the benchmark is the log's reader.</summary>
internal sealed class Office
{
    /// <summary>Longer than any benchmark; a timer costs the same whatever its time is.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly string[] s_lobby = [RoomName.Lobby];
    private static readonly Spoken s_content = Samples.Said;
    private static readonly CancellationTokenSource s_connection = new();

    private readonly PostOffice _office;
    private long _sequence;

    internal Office(int people)
    {
        // A mailbox in use keeps this many: then every mail that comes pushes one out, and nothing grows while it is measured.
        var options = new ChatOptions();
        options.MaxMailboxItems = options.KeepAcknowledged + 4;
        _office = new PostOffice(Options.Create(options), TimeProvider.System);
        Boxes = [.. Enumerable.Range(0, people).Select(number => Open($"session {number}"))];
        for (int i = 0; i < options.MaxMailboxItems; i++)
            Broadcast();
    }

    internal Mailbox[] Boxes { get; }

    /// <summary>Where a reader stands that has read everything.</summary>
    internal long Next => _sequence + 1;

    /// <summary>Can be cancelled and never is, as a connection that stays.</summary>
    internal static CancellationToken Connection => s_connection.Token;

    internal Mail NewMail() => new(++_sequence, Samples.At, s_content);

    internal void Broadcast() => _office.Broadcast(s_lobby, NewMail(), except: null);

    /// <summary>Ends everybody's reading.</summary>
    internal void Stop() => _office.StopAdmitting();

    private Mailbox Open(string token)
    {
        var session = SessionKey.Of(token);
        _office.Create(session, floor: 0);
        _office.Enter(session, RoomName.Lobby, quiet: false);
        return _office.Find(session)!;
    }
}
