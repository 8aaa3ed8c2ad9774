using Acornima;

namespace ErlChat.Web.Bundling;

/// <summary>
/// A module of the browser client: its text, and what must be known to bundle it. The text itself is parsed by Acornima. Immutable.
/// </summary>
internal sealed class ScriptModule
{
    private readonly Edit[] _gaps;

    private ScriptModule(string path, string text, ModuleReader found, Edit[] gaps)
    {
        (Path, Text, _gaps) = (path, text, gaps);
        (Imports, LazyImports) = (found.Imports, found.LazyImports);
        (Exports, Names, Uses) = (found.Exports, found.Names, found.Uses);
        (ExportEdits, DefaultValue) = (found.ExportEdits, found.DefaultValue);
    }

    /// <summary>The path below <c>wwwroot</c>, with forward slashes.</summary>
    internal string Path { get; }

    internal string Text { get; }

    internal IReadOnlyList<ModuleImport> Imports { get; }

    internal IReadOnlyList<LazyImport> LazyImports { get; }

    /// <summary>What the module exports: the local name for each exported one.</summary>
    internal IReadOnlyDictionary<string, string> Exports { get; }

    /// <summary>
    /// The names that the module declares at its top level, without those that it imports. A default value without a name is called
    /// <c>default</c>.
    /// </summary>
    internal IReadOnlySet<string> Names { get; }

    /// <summary>Every place where a name stands for a variable, whatever its scope.</summary>
    internal IReadOnlyList<NameUse> Uses { get; }

    /// <summary>Makes ordinary declarations of the exported ones.</summary>
    internal IReadOnlyList<Edit> ExportEdits { get; }

    /// <summary>The words <c>export default</c> before a value without a name. Null if there are none.</summary>
    internal Edit? DefaultValue { get; }

    /// <exception cref="BundleException">The text is not a module, or imports in a way that cannot be followed.</exception>
    internal static ScriptModule Parse(string path, string text)
    {
        var gaps = new List<Edit>();
        int end = 0;
        var options = new ParserOptions
        {
            EcmaVersion = EcmaVersion.Latest,
            OnToken = (in Token token) =>
            {
                if (token.Start > end)
                    gaps.Add(new Edit(end, token.Start, Gap(text, end, token.Start)));
                end = token.End;
            },
        };
        try
        {
            var found = new ModuleReader(path, text);
            found.Read(new Parser(options).ParseModule(text, path));
            return new ScriptModule(path, text, found, [.. gaps]);
        }
        catch (ParseErrorException fault)
        {
            throw new BundleException(path, fault.LineNumber, fault.Description, fault);
        }
    }

    /// <summary>The text after some edits, without comments and indentation. Lines stay lines, so errors can be found.</summary>
    internal string With(IEnumerable<Edit> edits)
    {
        var result = new System.Text.StringBuilder(Text.Length);
        int at = 0;
        foreach (Edit edit in _gaps.Concat(edits).OrderBy(static one => one.Start).ThenByDescending(static one => one.End))
        {
            // Gaps inside of what another edit replaces.
            if (edit.Start < at)
                continue;
            result.Append(Text, at, edit.Start - at);
            if (edit.Text != "\n" || (result.Length > 0 && result[^1] != '\n'))
                result.Append(edit.Text);
            at = edit.End;
        }

        return result.Append(Text, at, Text.Length - at).ToString();
    }

    /// <summary>
    /// What remains of the blanks and comments between two tokens. A line end can end a statement, and a blank can separate two words or
    /// two signs, such as <c>+ +</c>; next to brackets and separators it is not needed.
    /// </summary>
    private static string Gap(string text, int start, int end)
    {
        if (text.AsSpan(start, end - start).ContainsAny("\n\r\u2028\u2029"))
            return "\n";
        bool isOpen = start == 0 || end == text.Length || Separates(text[start - 1]) || Separates(text[end]);
        return isOpen ? "" : " ";

        static bool Separates(char sign) => "(){}[],;:".Contains(sign, StringComparison.Ordinal);
    }
}

/// <summary>A name that stands for a variable.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Name">The name.</param>
/// <param name="IsShorthand">It is also the name of a property, as in <c>{ name }</c>.</param>
internal readonly record struct NameUse(int Start, string Name, bool IsShorthand)
{
    internal Edit To(string name) => new(Start, Start + Name.Length, IsShorthand ? $"{Name}:{name}" : name);
}
