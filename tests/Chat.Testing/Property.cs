using CsCheck;

namespace ErlChat.Testing;

/// <summary>
/// Properties tried on generated values. A failure is shrunk: the message shows a small value that fails, and the seed that brings it back,
/// which <c>CsCheck_Seed</c> in the environment sets.
/// </summary>
/// <remarks>For what a value decides. Where threads race, a smaller value does not fail again, and <see cref="Seeds"/> is the tool.</remarks>
public static class Property
{
    /// <summary>CsCheck shrinks by looking for smaller values at random, so it is given time once there is something to shrink.</summary>
    private const int ShrinkSeconds = 3;

    /// <summary>Tries as many values as asked, one after the other.</summary>
    /// <param name="print">How a value is shown when it fails; as CsCheck shows it by default.</param>
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

    /// <summary>The message begins <c>Set seed: "…"</c>, and nothing else of the exception has it.</summary>
    private static string SeedOf(CsCheckException failure) => failure.Message.Split('"')[1];
}
