using Microsoft.Extensions.Options;

namespace ErlChat.Limits;

/// <summary>The ranges of <see cref="LimitOptions"/>. Reports every failure at once.</summary>
public sealed class LimitOptionsRules : IValidateOptions<LimitOptions>
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        Check(nameof(LimitOptions.Messages), options.Messages);
        Check(nameof(LimitOptions.LogBytes), options.LogBytes);
        Check(nameof(LimitOptions.Logins), options.Logins);
        Check(nameof(LimitOptions.Reads), options.Reads);
        Check(nameof(LimitOptions.Probes), options.Probes);
        CheckRate(nameof(LimitOptions.ControlFrames), options.ControlFrames);
        CheckNumber("Connections:Address", options.Connections.Address, 0, 1_000_000);
        CheckNumber("Connections:Server", options.Connections.Server ?? 0, 0, 10_000_000);
        CheckNumber(nameof(LimitOptions.NetworkFactor), options.NetworkFactor, 1, 1000);
        if (options.LongestDelay < TimeSpan.Zero || options.LongestDelay > TimeSpan.FromSeconds(10))
            failures.Add($"Limits:LongestDelay ({options.LongestDelay}) must be 0 to 10 s.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string kind, object rates)
        {
            if (rates is SessionRates session)
            {
                CheckRate($"{kind}:{nameof(session.Session)}", session.Session);
                CheckRate($"{kind}:{nameof(session.Address)}", session.Address);
                CheckRate($"{kind}:{nameof(session.Server)}", session.Server);
            }
            else if (rates is SharedRates shared)
            {
                CheckRate($"{kind}:{nameof(shared.Address)}", shared.Address);
                CheckRate($"{kind}:{nameof(shared.Server)}", shared.Server);
            }
        }

        void CheckRate(string limit, RateOptions rate)
        {
            CheckNumber($"{limit}:{nameof(rate.Count)}", rate.Count, 0, RateOptions.MaxCount);
            if (rate.Window < s_shortest || rate.Window > s_longest)
                failures.Add($"Limits:{limit}:{nameof(rate.Window)} ({rate.Window}) must be 10 ms to 1 h.");
        }

        void CheckNumber(string limit, int value, int least, int most)
        {
            if (value < least || value > most)
                failures.Add($"Limits:{limit} ({value}) must be {least} to {most}.");
        }
    }
}
