using System.Globalization;

namespace ErlChat.Testing;

/// <summary>
/// Reproducible randomness for tests: a failure names its seed, and the environment variable <c>ERLCHAT_SEED</c> sets it.
/// </summary>
public static class Seeds
{
    /// <summary>The environment variable that sets the seed.</summary>
    public const string Variable = "ERLCHAT_SEED";

    /// <summary>The seed from the environment, or a new one.</summary>
    public static int Next() => int.TryParse(
        Environment.GetEnvironmentVariable(Variable),
        NumberStyles.AllowLeadingSign,
        CultureInfo.InvariantCulture,
        out int seed)
        ? seed
        : Random.Shared.Next();

    /// <summary>Runs a test with a seed. If it fails, the failure says how to replay it.</summary>
    public static async Task RunAsync(Func<int, Task> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        int seed = Next();
        try
        {
            await test(seed);
        }
        catch (Exception e)
        {
            throw new SeededFailureException(seed, e);
        }
    }

    /// <inheritdoc cref="RunAsync"/>
    public static void Run(Action<int> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        int seed = Next();
        try
        {
            test(seed);
        }
        catch (Exception e)
        {
            throw new SeededFailureException(seed, e);
        }
    }
}

/// <summary>A test that uses a seed has failed.</summary>
public sealed class SeededFailureException(int seed, Exception inner)
    : Exception($"Replay with {Seeds.Variable}={seed.ToString(CultureInfo.InvariantCulture)}. {inner?.Message}", inner)
{
    public int Seed { get; } = seed;
}
