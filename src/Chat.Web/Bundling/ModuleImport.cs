namespace ErlChat.Web.Bundling;

/// <summary>An <c>import … from "…"</c>, or an <c>export … from "…"</c>, at the top of a module.</summary>
/// <param name="Target">The path of the module that is imported.</param>
/// <param name="Start">Where the statement begins.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Bindings">What is imported; none if the module is only to run.</param>
/// <param name="IsExport">It passes on what another module exports. Such modules are loaded as they are, but not bundled.</param>
internal sealed record ModuleImport(string Target, int Start, int End, IReadOnlyList<ImportedName> Bindings, bool IsExport);

/// <summary>One name of an import.</summary>
/// <param name="Exported">Its name in the other module, <c>default</c>, or <see cref="Everything"/>.</param>
/// <param name="Local">Its name in this module.</param>
internal sealed record ImportedName(string Exported, string Local)
{
    /// <summary>Stands for <c>* as</c>: an object with all that the module exports.</summary>
    internal const string Everything = "*";
}

/// <summary>An <c>import("…")</c>, which loads a module when the code gets there.</summary>
/// <param name="Target">The path of the module, or of the modules' folder with a slash at the end if the name is computed.</param>
/// <param name="Start">Where the literal text that means <paramref name="Target"/> begins, inside its quotes.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="IsAwaited">The module itself waits for it, before it is ready for others.</param>
internal sealed record LazyImport(string Target, int Start, int End, bool IsAwaited);
