using CsCheck;

namespace ErlChat.Testing;

/// <summary>
/// Checks properties with generated values. A failure is shrunk: the message shows a small failing value, and the seed that reproduces it
/// if set in the environment variable <c>CsCheck_Seed</c>.
/// </summary>
/// <remarks>
/// For properties that depend on the value alone. Where threads race, a smaller value may not fail again; use <see cref="Seeds"/> for that.
/// </remarks>
public static class Property
{
    /// <summary>
    /// How long to look for a smaller failing value. CsCheck shrinks by trying smaller values at random, so it needs time once something
    /// has failed.
    /// </summary>
    private const int ShrinkSeconds = 3;

    /// <summary>Tries a number of values, one after the other.</summary>
    /// <param name="values">Generates the values.</param>
    /// <param name="times">How many to try.</param>
    /// <param name="check">Fails for a wrong value.</param>
    /// <param name="print">Formats a value that fails; null for CsCheck's format.</param>
    public static void Holds<T>(Gen<T> values, int times, Action<T> check, Func<T, string>? print = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        try
        {
            values.Sample(check, iter: times, threads: 1, print: print);
        }
        catch (CsCheckException failure)
        {
            values.Sample(check, seed: SeedOf(failure), time: ShrinkSeconds, threads: 1, print: print);
            throw;
        }
    }

    /// <inheritdoc cref="Holds"/>
    public static async Task HoldsAsync<T>(Gen<T> values, int times, Func<T, Task> check, Func<T, string>? print = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        try
        {
            await values.SampleAsync(check, iter: times, threads: 1, print: print);
        }
        catch (CsCheckException failure)
        {
            await values.SampleAsync(check, seed: SeedOf(failure), time: ShrinkSeconds, threads: 1, print: print);
            throw;
        }
    }

    /// <summary>The seed of a failure. It is only in the message, which begins <c>Set seed: "…"</c>.</summary>
    private static string SeedOf(CsCheckException failure) => failure.Message.Split('"')[1];
}
