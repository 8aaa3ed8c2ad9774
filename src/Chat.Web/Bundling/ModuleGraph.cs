namespace ErlChat.Web.Bundling;

/// <summary>The modules below <c>wwwroot</c>, each parsed when it is first needed. For one thread.</summary>
/// <param name="texts">The modules' texts by their paths.</param>
internal sealed class ModuleGraph(IReadOnlyDictionary<string, string> texts)
{
    private readonly Dictionary<string, ScriptModule> _parsed = new(StringComparer.Ordinal);

    /// <exception cref="BundleException">There is no such module, or it cannot be parsed.</exception>
    internal ScriptModule this[string path]
    {
        get
        {
            if (!_parsed.TryGetValue(path, out ScriptModule? module))
            {
                if (!texts.TryGetValue(path, out string? text))
                    throw new BundleException(path, null, "there is no such module.");
                _parsed[path] = module = ScriptModule.Parse(path, text);
            }

            return module;
        }
    }

    /// <summary>A module with all that it imports, in the order in which browsers run them: every module after what it imports.</summary>
    /// <exception cref="BundleException">A module is missing or cannot be parsed.</exception>
    internal IReadOnlyList<ScriptModule> Closure(string entry)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var order = new List<ScriptModule>();
        Follow(this[entry]);
        return order;

        void Follow(ScriptModule module)
        {
            if (!seen.Add(module.Path))
                return;
            foreach (ModuleImport import in module.Imports)
                Follow(this[import.Target]);
            order.Add(module);
        }
    }

    /// <summary>The modules that a lazy import may load: one, or all of a folder and of those in it if the name is computed.</summary>
    internal IEnumerable<string> TargetsOf(LazyImport import) => import.Target.EndsWith('/')
        ? texts.Keys.Where(path => path.StartsWith(import.Target, StringComparison.Ordinal))
        : [import.Target];
}
