using Acornima;
using Acornima.Ast;

namespace ErlChat.Web.Bundling;

/// <summary>
/// Walks through a module and finds the names that stand for variables, in contrast to names of properties and labels, and the imports
/// that happen when the code gets there.
/// </summary>
internal sealed class NameFinder(string path, string text) : AstVisitor
{
    private readonly List<NameUse> _uses = [];
    private readonly List<LazyImport> _lazyImports = [];
    private readonly HashSet<string> _hoisted = new(StringComparer.Ordinal);
    private int _functions;
    private bool _isAwaiting;

    internal IReadOnlyList<NameUse> Uses => _uses;

    internal IReadOnlyList<LazyImport> LazyImports => _lazyImports;

    /// <summary>What <c>var</c> declares outside of functions, also in blocks.</summary>
    internal IReadOnlySet<string> Hoisted => _hoisted;

    /// <summary>The names that a pattern such as <c>{ a, b: [c] }</c> binds.</summary>
    internal static IEnumerable<string> NamesIn(Node? pattern) => pattern switch
    {
        Identifier plain => [plain.Name],
        AssignmentPattern { Left: var left } => NamesIn(left),
        RestElement { Argument: var rest } => NamesIn(rest),
        ArrayPattern list => list.Elements.SelectMany(NamesIn),
        ObjectPattern fields => fields.Properties.SelectMany(static one => NamesIn(one is Property { Value: var value } ? value : one)),
        _ => [],
    };

    protected override object? VisitIdentifier(Identifier node)
    {
        _uses.Add(new NameUse(node.Start, node.Name, IsShorthand: false));
        return node;
    }

    protected override object? VisitMemberExpression(MemberExpression node)
    {
        Visit(node.Object);
        if (node.Computed)
            Visit(node.Property);
        return node;
    }

    protected override object? VisitObjectProperty(ObjectProperty node) => VisitProperty(node);

    protected override object? VisitAssignmentProperty(AssignmentProperty node) => VisitProperty(node);

    protected override object? VisitMethodDefinition(MethodDefinition node) => VisitMember(node, node.Key, node.Computed, node.Value);

    protected override object? VisitPropertyDefinition(PropertyDefinition node) => VisitMember(node, node.Key, node.Computed, node.Value);

    protected override object? VisitLabeledStatement(LabeledStatement node) => Visit(node.Body);

    protected override object? VisitBreakStatement(BreakStatement node) => node;

    protected override object? VisitContinueStatement(ContinueStatement node) => node;

    protected override object? VisitImportDeclaration(ImportDeclaration node) => node;

    protected override object? VisitExportAllDeclaration(ExportAllDeclaration node) => node;

    protected override object? VisitExportNamedDeclaration(ExportNamedDeclaration node) =>
        node.Declaration is { } declaration ? Visit(declaration) : node;

    protected override object? VisitMetaProperty(MetaProperty node) => node.Meta.Name == "import"
        ? throw new BundleException(path, node.Location.Start.Line, "import.meta is not supported, because a bundle has another address.")
        : node;

    protected override object? VisitFunctionDeclaration(FunctionDeclaration node) =>
        InFunction(() => base.VisitFunctionDeclaration(node));

    protected override object? VisitFunctionExpression(FunctionExpression node) => InFunction(() => base.VisitFunctionExpression(node));

    protected override object? VisitArrowFunctionExpression(ArrowFunctionExpression node) =>
        InFunction(() => base.VisitArrowFunctionExpression(node));

    protected override object? VisitStaticBlock(StaticBlock node) => InFunction(() => base.VisitStaticBlock(node));

    protected override object? VisitAwaitExpression(AwaitExpression node)
    {
        bool was = _isAwaiting;
        _isAwaiting |= _functions == 0;
        object? result = base.VisitAwaitExpression(node);
        _isAwaiting = was;
        return result;
    }

    protected override object? VisitVariableDeclaration(VariableDeclaration node)
    {
        if (node.Kind == VariableDeclarationKind.Var && _functions == 0)
            _hoisted.UnionWith(node.Declarations.SelectMany(static one => NamesIn(one.Id)));
        return base.VisitVariableDeclaration(node);
    }

    protected override object? VisitImportExpression(ImportExpression node)
    {
        // The path, or what it begins with up to a slash.
        (int start, string literal) = node.Source switch
        {
            StringLiteral plain => (plain.Start + 1, plain.Value),
            TemplateLiteral { Quasis: [var first, ..] } => (first.Start, first.Value.Raw),
            _ => (0, ""),
        };
        if (node.Source is TemplateLiteral)
            literal = literal[..(literal.LastIndexOf('/') + 1)];
        if (literal.Length == 0 || text.IndexOf(literal, start, StringComparison.Ordinal) != start)
        {
            throw new BundleException(
                path, node.Location.Start.Line, "import(…) must begin with a literal path, so that it is known what it may load.");
        }

        _lazyImports.Add(new LazyImport(
            ModulePath.Resolve(path, literal, node.Location.Start.Line), start, start + literal.Length, _isAwaiting));
        return base.VisitImportExpression(node);
    }

    private object? VisitProperty(Property node)
    {
        if (node.Shorthand)
        {
            var name = (Identifier)node.Key;
            _uses.Add(new NameUse(name.Start, name.Name, IsShorthand: true));
            return node.Value is AssignmentPattern { Right: var instead } ? Visit(instead) : node;
        }

        return VisitMember(node, node.Key, node.Computed, node.Value);
    }

    private Node VisitMember(Node node, Expression key, bool isComputed, Node? value)
    {
        if (isComputed)
            Visit(key);
        if (value is not null)
            Visit(value);
        return node;
    }

    private object? InFunction(Func<object?> visit)
    {
        _functions++;
        object? result = visit();
        _functions--;
        return result;
    }
}
