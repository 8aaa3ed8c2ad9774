using ErlChat.Appending;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Settings;
using ErlChat.Telemetry;

namespace ErlChat.Rooms;

/// <summary>
/// Gathers reactions to the same message for a moment and writes them with one entry, so that many people who react at once cause few
/// entries and little mail.
/// </summary>
/// <remarks>
/// Thread-safe. For one message, the next entry is written only when the one before has been applied. So what the history says is what the
/// entry follows, and an entry has only changes that change something; only another node can come in between. A change that seems to change
/// nothing is decided again when this node knows what the others have written. Nothing is kept of a message when nobody waits.
/// </remarks>
internal sealed class ReactionBatches(
    ChatQueries queries, CommandQueue commands, LogCatchUp catchUp, ChatOptions options, TimeProvider time, RingTroubles troubles)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Batch> _batches = [];

    /// <summary>Adds a change, and completes when it was decided; null if nothing had to change.</summary>
    /// <param name="entry">Names the message; without changes.</param>
    /// <param name="userId">The user id of the change's person.</param>
    internal Task<Outcome?> AddAsync(Reacted entry, ReactionChange change, string userId)
    {
        var waiting = new Waiting(change, userId);
        Batch? batch;
        bool begins;
        lock (_gate)
        {
            begins = !_batches.TryGetValue(entry.Message, out batch);
            if (begins)
                _batches.Add(entry.Message, batch = new Batch(entry));
            batch!.Waiting.Add(waiting);
        }

        if (begins)
            _ = RunAsync(batch);
        return waiting.Task;
    }

    /// <summary>Writes what is gathered, until nobody waits.</summary>
    private async Task RunAsync(Batch batch)
    {
        do
        {
            await Task.Delay(options.ReactionGather, time);
            List<Waiting> some = Take(batch);
            while (some.Count > 0)
            {
                // A toggle back waits for the next entry: one entry has each person and emoji once.
                List<Waiting> later = [];
                List<Waiting> now = Choose(some, later);
                await WriteAsync(batch.Entry, now);
                some = later;
            }
        }
        while (!TryEnd(batch));
    }

    /// <summary>The first changes, as many as one entry may have, each person and emoji once.</summary>
    private List<Waiting> Choose(List<Waiting> some, List<Waiting> later)
    {
        var now = new List<Waiting>();
        var seen = new HashSet<(string, string)>();
        foreach (Waiting one in some)
        {
            bool isNow = seen.Add((one.UserId, one.Change.Emoji)) && now.Count < options.MaxReactionsPerEntry;
            (isNow ? now : later).Add(one);
        }

        return now;
    }

    private async Task WriteAsync(Reacted entry, List<Waiting> some)
    {
        try
        {
            MessageReactions? before = await FindAsync(entry, some);

            // Whoever reacted at another node and takes it back here must not be told that there is nothing to take back.
            List<Waiting> unsure = catchUp.MayBeBehind ? some.FindAll(one => IsUsed(before, one) == one.Change.On) : [];
            if (unsure.Count > 0)
            {
                if (await catchUp.CatchUpAsync())
                {
                    before = await FindAsync(entry, some);
                }
                else
                {
                    Refuse(unsure);
                    some = [.. some.Except(unsure)];
                }
            }

            List<Waiting> changing = Decide(before, some);
            if (changing.Count == 0)
                return;
            Outcome outcome = await commands.ExecuteAsync(entry with { Changes = [.. changing.Select(static one => one.Change)] });
            for (int i = 0; i < changing.Count; i++)
                changing[i].TrySetResult(outcome is EachOutcome each ? each.All[i] : outcome);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody else would answer those who wait.
            troubles.AppendFailed(e);
            Refuse(some);
        }
    }

    private static void Refuse(List<Waiting> some)
    {
        foreach (Waiting one in some)
            one.TrySetResult(new Refused(Refusal.Unavailable));
    }

    private ValueTask<MessageReactions?> FindAsync(Reacted entry, List<Waiting> some) =>
        queries.ReactionsAsync(entry.Message, [.. some.Select(static one => one.UserId).Distinct()]);

    /// <summary>Whether the change's person uses its emoji.</summary>
    private static bool IsUsed(MessageReactions? before, Waiting one) =>
        before?.Emojis.Any(emoji => emoji.Emoji == one.Change.Emoji && emoji.Users.Contains(one.UserId)) == true;

    /// <summary>Answers those whose change changes nothing or is too many. Returns the others.</summary>
    private List<Waiting> Decide(MessageReactions? before, List<Waiting> some)
    {
        Dictionary<string, int> counts = (before?.Emojis ?? []).ToDictionary(static one => one.Emoji, static one => one.Count);
        int all = counts.Values.Sum();
        var changing = new List<Waiting>();
        foreach (Waiting one in some)
        {
            string emoji = one.Change.Emoji;
            int count = counts.GetValueOrDefault(emoji);
            if (IsUsed(before, one) == one.Change.On)
            {
                one.TrySetResult(null);
                continue;
            }

            if (one.Change.On && (all >= options.MaxReactionsPerMessage || (count == 0 && counts.Count >= options.MaxEmojisPerMessage)))
            {
                one.TrySetResult(new Refused(Refusal.TooManyReactions));
                continue;
            }

            int change = one.Change.On ? 1 : -1;
            all += change;
            counts[emoji] = count + change;
            if (counts[emoji] == 0)
                counts.Remove(emoji);
            changing.Add(one);
        }

        return changing;
    }

    private List<Waiting> Take(Batch batch)
    {
        lock (_gate)
        {
            List<Waiting> some = [.. batch.Waiting];
            batch.Waiting.Clear();
            return some;
        }
    }

    private bool TryEnd(Batch batch)
    {
        lock (_gate)
            return batch.Waiting.Count == 0 && _batches.Remove(batch.Entry.Message);
    }

    private sealed class Batch(Reacted entry)
    {
        internal Reacted Entry { get; } = entry;

        internal List<Waiting> Waiting { get; } = [];
    }

    /// <summary>A change, and its caller's pending answer.</summary>
    private sealed class Waiting(ReactionChange change, string userId)
        : TaskCompletionSource<Outcome?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal ReactionChange Change { get; } = change;

        internal string UserId { get; } = userId;
    }
}
