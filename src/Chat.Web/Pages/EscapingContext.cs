using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace ErlChat.Web.Pages;

/// <summary>
/// One rendering of a template. Scriban has no automatic escaping, but it writes every value through one method, and this one escapes
/// there: a template cannot forget it. Only <see cref="Html"/> is written as it is. Not thread-safe; made for each rendering.
/// </summary>
/// <remarks>
/// What is captured or put together in a template is text again, and is escaped when it is written. Other files cannot be included,
/// because there is no loader for them, and a text cannot be run as a template.
/// </remarks>
internal sealed class EscapingContext : TemplateContext
{
    /// <summary>
    /// Far more turns than the longest list has (the bans); a loop that would never end stops here, within a second. Scriban's default is
    /// 1000.
    /// </summary>
    internal const int MaxTurns = 1_000_000;

    private static readonly ScriptObject s_functions = Functions();

    internal EscapingContext(ScriptObject values)
        : base(s_functions)
    {
        // A misspelled name is an error with its line instead of a page with a hole.
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        LoopLimit = MaxTurns;
        RecursiveLimit = 20;
        RegexTimeOut = TimeSpan.FromSeconds(1);
        // A page over the limit would be cut without an error, in the middle of a tag.
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

    /// <summary>Shared by all renderings, so no template may change them.</summary>
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
