using ErlChat.Nodes;
using ErlChat.Web.Storage;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Nodes;

/// <summary>
/// Gives a node of a shared log its machine's name, and checks what a shared log needs and a log of its own cannot use. Reports every
/// failure at once.
/// </summary>
internal sealed class NodeOptionsRules(IConfiguration configuration) : IPostConfigureOptions<NodeOptions>, IValidateOptions<NodeOptions>
{
    private bool IsShared => LogSetup.IsShared(configuration);

    public void PostConfigure(string? name, NodeOptions options)
    {
        if (IsShared && options.Name is null && NodeOptions.IsName(Environment.MachineName))
            options.Name = Environment.MachineName;
    }

    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        string[] failures = [.. OfName(options), .. IsShared ? OfShared(options) : OfOwn(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> OfName(NodeOptions options) => options.Name is { } name && !NodeOptions.IsName(name)
        ? [$"Node:Name: '{name}' must be 1 to 32 letters, digits, hyphens, dots and underscores."]
        : [];

    private static IEnumerable<string> OfShared(NodeOptions options)
    {
        if (options.Name is null)
            yield return $"Node:Name must be set, because the machine's name, '{Environment.MachineName}', cannot be a node's.";
        if (options.Cookie is null)
        {
            yield return "Log:Kind=Postgres needs Node:Cookie, a secret of 16 to 256 characters that all nodes of the chat share. "
                + "`openssl rand -hex 24` prints one.";
        }

        if (options.Address is { } address && !NodeOptions.IsAddress(address))
            yield return $"Node:Address: '{address}' must be an http or https URL, such as http://10.0.0.1:8000.";
    }

    private static IEnumerable<string> OfOwn(NodeOptions options)
    {
        if (options.Cookie is not null)
            yield return "Node:Cookie is for several nodes, which need Log:Kind=Postgres. Leave it out.";
        if (options.Address is not null)
            yield return "Node:Address is for several nodes, which need Log:Kind=Postgres. Leave it out.";
    }
}
