using System.Runtime.CompilerServices;

namespace ErlChat.EndToEnd;

/// <summary>
/// A fact with a limit: this namespace's tests mean this one. Not everything that Playwright does has a deadline of its own, and a browser that stands still shall fail the test that it
/// stands still in, by its name.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactAttribute : Xunit.FactAttribute
{
    /// <summary>In ms. The longest of the ordinary ones takes 10 s alone, and a minute on two cores with a load of 16.</summary>
    internal const int Limit = 300_000;

    public FactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = Limit;
}
