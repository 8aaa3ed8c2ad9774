using Microsoft.Extensions.Options;

namespace ErlChat.Settings;

/// <summary>What must hold between options; the ranges of single ones are their annotations'. Reports every failure at once.</summary>
public sealed class ChatOptionsRules : IValidateOptions<ChatOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        if (options.PollJitter >= options.PollTimeout)
            failures.Add($"Chat:PollJitter ({options.PollJitter}) must be shorter than Chat:PollTimeout ({options.PollTimeout}).");

        // Saturated, since these may be out of every range: their annotations say so, unless an overflow here comes first.
        Int128 sum = (Int128)options.PollTimeout.Ticks + options.PollJitter.Ticks + options.CheckIdle.Ticks;
        TimeSpan longest = TimeSpan.FromTicks((long)Int128.Clamp(sum, long.MinValue, long.MaxValue));
        if (options.IdleLimit <= longest)
        {
            failures.Add($"Chat:IdleLimit ({options.IdleLimit}) must be longer than Chat:PollTimeout + Chat:PollJitter + Chat:CheckIdle ({longest}), "
                + "or a session whose poll has just ended would count as idle.");
        }

        if (options.KeepAcknowledged > options.MaxMailboxItems)
            failures.Add($"Chat:KeepAcknowledged ({options.KeepAcknowledged}) must not be above Chat:MaxMailboxItems ({options.MaxMailboxItems}).");
        if (options.HistoryBytesTotal < options.HistoryBytesPerRoom)
            failures.Add($"Chat:HistoryBytesTotal ({options.HistoryBytesTotal}) must not be below Chat:HistoryBytesPerRoom ({options.HistoryBytesPerRoom}).");
        if (options.MaxMailboxBytesTotal < options.MaxMailboxBytes)
            failures.Add($"Chat:MaxMailboxBytesTotal ({options.MaxMailboxBytesTotal}) must not be below Chat:MaxMailboxBytes ({options.MaxMailboxBytes}).");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
