using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The server's own commands, as it lists them, for completion and help. Empty until they are known.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ServerCommands
{
    /// <summary>More than any server has.</summary>
    private const int Limit = 200;

    private volatile CommandInfo[] _commands = [];

    /// <summary>What they begin with.</summary>
    internal IEnumerable<string> Names => _commands.Select(command => command.Name);

    /// <summary>The lines of help.</summary>
    internal IEnumerable<string> Help =>
        _commands.Select(command => $"  {SafeText.Of(command.Usage)} ({SafeText.Of(command.Help)})");

    /// <summary>Asks the server. Old servers do not have the list.</summary>
    internal async Task LoadAsync(ChatClient client, CancellationToken cancellationToken)
    {
        try
        {
            _commands =
            [
                .. (await client.CommandsAsync(cancellationToken))
                    .Where(command => !command.IsForAdmins && !ChatCommands.Names.Contains(command.Name, StringComparer.OrdinalIgnoreCase))
                    .Take(Limit),
            ];
        }
        catch (ChatException)
        {
            // They can be typed all the same.
        }
    }
}
