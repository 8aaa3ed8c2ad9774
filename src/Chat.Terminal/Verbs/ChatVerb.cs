using System.CommandLine;
using System.Runtime.InteropServices;
using ErlChat.Client;
using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Editing;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>chat</c>: takes part in the chat.</summary>
internal static class ChatVerb
{
    internal static Command Create()
    {
        Option<Uri[]> servers = ServerOptions.Servers();
        Option<string> nick = ServerOptions.Nick();
        var json = new Option<bool>("--json") { Description = "print one JSON event per line, for scripts" };
        var verb = new Command("chat", "join the chat; if the input is redirected, send its lines and exit") { servers, nick, json };
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(servers)!,
            parsed.GetValue(nick)!,
            parsed.GetValue(json),
            cancellationToken));
        return verb;
    }

    /// <summary>Runs until the input ends, the user quits, or <paramref name="cancellationToken"/> is cancelled.</summary>
    private static async Task<int> RunAsync(Uri[] servers, string nick, bool json, CancellationToken cancellationToken)
    {
        using var quit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var roster = new Roster();
        var options = new ChatClientOptions { LoginPatience = TimeSpan.Zero };
        bool interactive = !json && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        await using var writer = new GuardedWriter(GuardedWriter.OpenStandard(), () => _ = quit.CancelAsync());
        int code = interactive ? await TypeAsync() : await PipeAsync();
        if (!writer.IsLost)
            return code;
        await Console.Error.WriteLineAsync("The output was closed.");
        return ExitCodes.Failed;

        async Task<int> TypeAsync()
        {
            Console.TreatControlCAsInput = true;
            TerminalChat? chat = null;
            var screen = new PromptScreen(writer, () => Console.WindowWidth, () => chat?.Prompt ?? "");
            using PosixSignalRegistration? resized = OperatingSystem.IsWindows()
                ? null
                : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => screen.Redraw());
            var output = new TextOutput(screen.Write);
            chat = new TerminalChat(servers, nick, options, output, roster);
            var editor = new LineEditor((text, cursor) => Completion.Of(text, cursor, ChatCommands.Names, roster.Nicks));
            try
            {
                return await new ChatProgram(
                    chat,
                    new EditorInput(editor, screen),
                    output,
                    TimeProvider.System,
                    interactive: true).RunAsync(quit.Token);
            }
            finally
            {
                screen.Close();
            }
        }

        Task<int> PipeAsync()
        {
            Action<IReadOnlyList<string>> write = some => writer.Write(string.Concat(some.Select(line => line + "\n")));
            ITerminalOutput output = json ? new JsonOutput(write) : new TextOutput(write);
            var chat = new TerminalChat(servers, nick, options, output, roster);
            return new ChatProgram(chat, new PlainInput(Console.In), output, TimeProvider.System, interactive: false).RunAsync(quit.Token);
        }
    }
}
