using System.Runtime.CompilerServices;

namespace ErlChat.EndToEnd;

/// <summary>A theory with the time limit of <see cref="FactAttribute"/> for each of its cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryAttribute : Xunit.TheoryAttribute
{
    public TheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = FactAttribute.Limit;
}
