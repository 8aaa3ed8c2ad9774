using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace ErlChat.Web.Pages;

/// <summary>
/// The context of one rendering of a template. Scriban does not escape automatically, but it writes every value through one method. This
/// class escapes there, so a template cannot forget it. Only <see cref="Html"/> is written unchanged. Not thread-safe; create one per
/// rendering.
/// </summary>
/// <remarks>
/// Text that a template captures or concatenates is escaped when it is written. Templates cannot include other files, because there is no
/// loader for them, and cannot evaluate text as a template.
/// </remarks>
internal sealed class EscapingContext : TemplateContext
{
    /// <summary>
    /// The most iterations of a loop. Far more than the longest list (the bans) has. An endless loop stops here within a second. Scriban's
    /// default is 1000.
    /// </summary>
    internal const int MaxTurns = 1_000_000;

    private static readonly ScriptObject s_functions = Functions();

    internal EscapingContext(ScriptObject values)
        : base(s_functions)
    {
        // A misspelled name is an error with its line number, rather than a gap in the page.
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        LoopLimit = MaxTurns;
        RecursiveLimit = 20;
        RegexTimeOut = TimeSpan.FromSeconds(1);
        // No limit: a page above it would be cut without an error, possibly in the middle of a tag.
        LimitToString = 0;
        NewLine = "\n";
        PushGlobal(values);
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        string? text = textAsObject is Html html ? html.Markup : Escaped(textAsObject);
        return text is null ? this : Write(text);
    }

    private string? Escaped(object? value) => ObjectToString(value) is { } text ? Html.Escape(text) : null;

    /// <summary>The built-in functions. All renderings share them, so they are read-only.</summary>
    private static ScriptObject Functions()
    {
        ScriptObject functions = GetDefaultBuiltinObject();
        functions.Remove("include");
        functions.Remove("include_join");
        if (functions["object"] is ScriptObject objects)
        {
            objects.Remove("eval");
            objects.Remove("eval_template");
        }

        foreach (ScriptObject group in functions.Values.OfType<ScriptObject>())
            group.IsReadOnly = true;
        functions.IsReadOnly = true;
        return functions;
    }
}
