using System.Globalization;

namespace ErlChat.Testing;

/// <summary>Randomness for tests that can be had again: a failure names its seed, and <c>ERLCHAT_SEED</c> in the environment sets it.</summary>
public static class Seeds
{
    /// <summary>Environment variable that replays a seed.</summary>
    public const string Variable = "ERLCHAT_SEED";

    /// <summary>The seed of the environment, or a new one.</summary>
    public static int Next() => int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
        ? seed
        : Random.Shared.Next();

    /// <summary>Runs a test with a seed; when it fails, the failure says how to replay it.</summary>
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

/// <summary>A test failed under a seed.</summary>
public sealed class SeededFailureException(int seed, Exception inner)
    : Exception($"Replay with {Seeds.Variable}={seed.ToString(CultureInfo.InvariantCulture)}. {inner?.Message}", inner)
{
    public int Seed { get; } = seed;
}
