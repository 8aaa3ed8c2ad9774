using System.Globalization;
using System.Text;

namespace ErlChat.Web.Bundling;

/// <summary>
/// Makes one script of a page's module and of all modules that it imports, and adapts those that it loads later
/// (<c>docs/adr/0031</c>). For one thread.
/// </summary>
/// <remarks>
/// All bundled modules share one scope, in the order in which browsers would run them. Each name that a module declares at its top level
/// gets the module's number, and so do all variables of that module with this name, whatever their scope. So scopes need not be understood:
/// what was one variable still is, what was hidden still is, and no name is the same as one of another module or of the browser.
/// </remarks>
internal sealed class PageBundle
{
    private const string Folder = "bundles/";

    private readonly ModuleGraph _graph;
    private readonly string _path;
    private readonly IReadOnlyList<ScriptModule> _modules;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _whole = [];
    private readonly SortedDictionary<string, string> _exports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly string _mark;

    private PageBundle(ModuleGraph graph, string entry)
    {
        _graph = graph;
        _path = PathOf(entry);
        _modules = graph.Closure(entry);
        foreach (ScriptModule module in _modules)
            _numbers.Add(module.Path, _numbers.Count);

        // Between a name and the number, so that the result is a name of no variable.
        _mark = "$";
        while (_modules.Any(module => module.Uses.Any(use => use.Name.Contains(_mark, StringComparison.Ordinal))))
            _mark += "$";
    }

    /// <summary>Where the bundle of a page's module is found.</summary>
    internal static string PathOf(string entry) => Folder + Path.GetFileName(entry);

    /// <summary>The bundle of a page's module, and the adapted modules that it loads later, by their paths below <c>wwwroot</c>.</summary>
    /// <exception cref="BundleException">A module cannot be bundled.</exception>
    internal static IReadOnlyDictionary<string, string> Make(ModuleGraph graph, string entry)
    {
        var bundle = new PageBundle(graph, entry);
        string body = string.Concat(bundle._modules.Select(bundle.Bundled));
        bundle.CheckAwaited();
        bundle.AddLazyModules();
        bundle._files.Add(bundle._path, bundle.WholeModules() + body + bundle.ExportLine());
        return bundle._files;
    }

    /// <summary>A module as part of the bundle.</summary>
    private string Bundled(ScriptModule module)
    {
        Dictionary<string, string> names = module.Names.ToDictionary(name => name, name => Numbered(name, module), StringComparer.Ordinal);
        foreach (ModuleImport import in module.Imports)
        {
            if (import.IsExport)
                throw new BundleException(module.Path, null, $"it exports what {import.Target} exports. Import it from there instead.");
            foreach (ImportedName name in import.Bindings)
                names[name.Local] = Find(import.Target, name.Exported, module);
        }

        // Where one name is hidden by a variable, the other need not be. They would become the same.
        if (names.CountBy(static one => one.Value).FirstOrDefault(static one => one.Value > 1).Key is { } twice)
        {
            string locals = string.Join(" and ", names.Where(one => one.Value == twice).Select(static one => one.Key));
            throw new BundleException(module.Path, null, $"it imports the same as {locals}. Use one name.");
        }

        IEnumerable<Edit> edits = module.Uses.Where(use => names.ContainsKey(use.Name)).Select(use => use.To(names[use.Name]))
            .Concat(module.ExportEdits)
            .Concat(module.Imports.Select(static import => new Edit(import.Start, import.End, "")))
            .Concat(module.LazyImports.Select(lazy => new Edit(lazy.Start, lazy.End, "./" + Below(lazy.Target))));
        if (module.DefaultValue is { } words)
            edits = edits.Append(words with { Text = $"const {names["default"]}=" });
        return module.With(edits).Trim() + "\n";
    }

    /// <summary>The name of an export in the bundle.</summary>
    private string Find(string path, string exported, ScriptModule by)
    {
        ScriptModule module = _graph[path];
        if (exported == ImportedName.Everything)
        {
            _whole.Add(_numbers[path]);
            return Numbered("", module);
        }

        if (!module.Exports.TryGetValue(exported, out string? local))
            throw new BundleException(by.Path, null, $"it imports {exported}, which {path} does not export.");
        return module.Names.Contains(local)
            ? Numbered(local, module)
            : throw new BundleException(path, null, $"it exports {exported}, which it imports itself. Import it from there instead.");
    }

    private string Numbered(string name, ScriptModule module) =>
        name + _mark + _numbers[module.Path].ToString(CultureInfo.InvariantCulture);

    /// <summary>The objects for <c>import * as</c>. Like the browser's, they always have the current values.</summary>
    private string WholeModules()
    {
        var text = new StringBuilder();
        foreach (ScriptModule module in _whole.Select(number => _modules[number]))
        {
            text.Append(CultureInfo.InvariantCulture, $"const {Numbered("", module)}=Object.freeze({{__proto__:null");
            foreach (string name in module.Exports.Keys)
                text.Append(CultureInfo.InvariantCulture, $",get {name}(){{return {Find(module.Path, name, module)}}}");
            text.Append("});\n");
        }

        return text.ToString();
    }

    /// <summary>What the later modules import. The names do not depend on other modules, for pages that were loaded earlier.</summary>
    private string ExportLine() => _exports.Count == 0
        ? ""
        : $"export{{{string.Join(',', _exports.Select(static one => $"{one.Value} as \"{one.Key}\""))}}};\n";

    private void AddLazyModules()
    {
        var waiting = new Queue<string>(_modules.SelectMany(TargetsOf));
        while (waiting.TryDequeue(out string? path))
        {
            if (_files.ContainsKey(Below(path, Folder)))
                continue;
            if (_numbers.ContainsKey(path))
            {
                _files.Add(Below(path, Folder), PassedOn(_graph[path]));
                continue;
            }

            ScriptModule module = _graph[path];
            _files.Add(Below(path, Folder), Adapted(module));
            foreach (string next in module.Imports.Select(static import => import.Target).Where(target => !_numbers.ContainsKey(target)))
                waiting.Enqueue(next);
            foreach (string next in TargetsOf(module))
                waiting.Enqueue(next);
        }
    }

    /// <summary>
    /// A bundled module that waits for a later one while the bundle starts would wait forever if that one needed the bundle.
    /// </summary>
    private void CheckAwaited()
    {
        foreach (ScriptModule module in _modules)
        {
            foreach (string target in module.LazyImports.Where(static one => one.IsAwaited).SelectMany(_graph.TargetsOf))
            {
                if (!_numbers.ContainsKey(target) && _graph.Closure(target).Any(one => _numbers.ContainsKey(one.Path)))
                    throw new BundleException(module.Path, null, $"it waits for {target}, which imports modules of the same bundle.");
            }
        }
    }

    private IEnumerable<string> TargetsOf(ScriptModule module) => module.LazyImports.SelectMany(_graph.TargetsOf);

    /// <summary>A module that is loaded later, which imports from the bundle what is there.</summary>
    private string Adapted(ScriptModule module) => module.With(
        module.Imports.Where(import => _numbers.ContainsKey(import.Target)).Select(import => import.IsExport
            ? throw new BundleException(module.Path, null, $"it exports what {import.Target} exports. Import it from there instead.")
            : new Edit(import.Start, import.End, FromBundle("import", import.Target, import.Bindings, module))));

    /// <summary>Stands for a bundled module that is also imported later.</summary>
    private string PassedOn(ScriptModule module) =>
        FromBundle("export", module.Path, [.. module.Exports.Keys.Select(static name => new ImportedName(name, name))], module);

    private string FromBundle(string word, string path, IReadOnlyList<ImportedName> names, ScriptModule by)
    {
        foreach (ImportedName name in names)
            _exports[Exported(name)] = Find(path, name.Exported, by);
        string list = string.Join(',', names.Select(name => $"\"{Exported(name)}\" as {name.Local}"));
        string place = ModulePath.UpFrom(Below(by.Path)) + Path.GetFileName(_path);
        return names.Count == 0 ? $"{word}{{}}from\"{place}\";" : $"{word}{{{list}}}from\"{place}\";";

        string Exported(ImportedName name) => $"{path}#{name.Exported}";
    }

    /// <summary>Where the bundle finds a later module: in a folder of its own, because another page's bundle has other modules.</summary>
    private string Below(string path, string before = "") => $"{before}{Path.GetFileNameWithoutExtension(_path)}/{path}";
}
