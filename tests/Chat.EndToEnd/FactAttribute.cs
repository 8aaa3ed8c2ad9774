using System.Runtime.CompilerServices;

namespace ErlChat.EndToEnd;

/// <summary>
/// A fact with a time limit. The tests in this namespace use it by the plain name. Some Playwright calls have no deadline, and if the
/// browser hangs, the test it hangs in must fail under its own name.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactAttribute : Xunit.FactAttribute
{
    /// <summary>In ms. The longest ordinary test takes 10 s alone, and a minute on two cores with a load of 16.</summary>
    internal const int Limit = 300_000;

    public FactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = Limit;
}
