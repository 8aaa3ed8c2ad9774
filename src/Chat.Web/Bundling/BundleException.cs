namespace ErlChat.Web.Bundling;

/// <summary>A module cannot be bundled. The message names the file, the line if it is known, and what is wrong.</summary>
internal sealed class BundleException(string path, int? line, string problem, Exception? inner = null)
    : Exception(line is { } number ? $"{path}:{number}: {problem}" : $"{path}: {problem}", inner);
