using Acornima.Ast;

namespace ErlChat.Web.Bundling;

/// <summary>Collects what a module imports, exports and declares. For one module and one thread.</summary>
internal sealed class ModuleReader(string path, string text)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<ModuleImport> _imports = [];
    private readonly Dictionary<string, string> _exports = new(StringComparer.Ordinal);
    private readonly List<Edit> _exportEdits = [];
    private readonly NameFinder _finder = new(path, text);

    internal IReadOnlyList<ModuleImport> Imports => _imports;

    internal IReadOnlyList<LazyImport> LazyImports => _finder.LazyImports;

    internal IReadOnlyDictionary<string, string> Exports => _exports;

    internal IReadOnlySet<string> Names => _names;

    internal IReadOnlyList<NameUse> Uses => _finder.Uses;

    internal IReadOnlyList<Edit> ExportEdits => _exportEdits;

    internal Edit? DefaultValue { get; private set; }

    /// <exception cref="BundleException">A path cannot be followed.</exception>
    internal void Read(Module module)
    {
        foreach (Statement statement in module.Body)
            Read(statement);
        _finder.Visit(module);
        _names.UnionWith(_finder.Hoisted);
    }

    private void Read(Statement statement)
    {
        switch (statement)
        {
            case ImportDeclaration import:
                Import(import, import.Source, [.. import.Specifiers.Select(BindingOf)], isExport: false);
                break;
            case ExportAllDeclaration all:
                Import(all, all.Source, [], isExport: true);
                break;
            case ExportNamedDeclaration { Source: { } source } passed:
                Import(passed, source, [], isExport: true);
                break;
            case ExportNamedDeclaration { Declaration: { } declaration } export:
                foreach (string name in Declared(declaration))
                    _exports[name] = name;
                _exportEdits.Add(new Edit(export.Start, declaration.Start, ""));
                break;
            case ExportNamedDeclaration list:
                foreach (ExportSpecifier one in list.Specifiers)
                    _exports[NameOf(one.Exported)] = NameOf(one.Local);
                _exportEdits.Add(new Edit(list.Start, list.End, ""));
                break;
            case ExportDefaultDeclaration export:
                Default(export);
                break;
            default:
                Declared(statement);
                break;
        }
    }

    private void Import(Node statement, StringLiteral source, ImportedName[] bindings, bool isExport) =>
        _imports.Add(new ModuleImport(
            ModulePath.Resolve(path, source.Value, statement.Location.Start.Line), statement.Start, statement.End, bindings, isExport));

    private void Default(ExportDefaultDeclaration export)
    {
        if (export.Declaration is Statement statement && Declared(statement) is [var name])
        {
            _exports["default"] = name;
            _exportEdits.Add(new Edit(export.Start, statement.Start, ""));
            return;
        }

        const string keyword = "default";
        _names.Add(keyword);
        _exports[keyword] = keyword;
        DefaultValue = new Edit(export.Start, text.IndexOf(keyword, export.Start, StringComparison.Ordinal) + keyword.Length, "");
    }

    /// <summary>The names that a statement at the top level declares, all of which are noted.</summary>
    private string[] Declared(Statement statement)
    {
        string[] names = statement switch
        {
            FunctionDeclaration { Id.Name: { } name } => [name],
            ClassDeclaration { Id.Name: { } name } => [name],
            VariableDeclaration variables => [.. variables.Declarations.SelectMany(static one => NameFinder.NamesIn(one.Id))],
            _ => [],
        };
        _names.UnionWith(names);
        return names;
    }

    private static ImportedName BindingOf(ImportDeclarationSpecifier specifier) => new(
        specifier switch
        {
            ImportSpecifier one => NameOf(one.Imported),
            ImportNamespaceSpecifier => ImportedName.Everything,
            _ => "default",
        },
        specifier.Local.Name);

    private static string NameOf(Expression name) => name is Identifier plain ? plain.Name : ((StringLiteral)name).Value;
}
