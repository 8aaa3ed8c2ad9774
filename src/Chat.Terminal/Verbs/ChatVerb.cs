using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using ErlChat.Client;
using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Editing;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>chat</c>: the chat itself.</summary>
internal static class ChatVerb
{
    internal static Command Create()
    {
        Option<Uri> server = ServerOptions.Server();
        Option<string> nick = ServerOptions.Nick();
        var json = new Option<bool>("--json") { Description = "one JSON event a line, for scripts" };
        var verb = new Command("chat", "talk; with redirected input, say its lines and exit") { server, nick, json };
        verb.SetAction((parsed, _) => RunAsync(parsed.GetValue(server)!, parsed.GetValue(nick)!, parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> RunAsync(Uri server, string nick, bool json)
    {
        using var quit = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = Politely(PosixSignal.SIGINT, quit);
        using PosixSignalRegistration terminate = Politely(PosixSignal.SIGTERM, quit);
        using PosixSignalRegistration hangUp = Politely(PosixSignal.SIGHUP, quit);
        var roster = new Roster();
        var options = new ChatClientOptions { LoginPatience = TimeSpan.Zero };
        bool interactive = !json && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        return interactive ? await TypeAsync() : await PipeAsync();

        async Task<int> TypeAsync()
        {
            Console.TreatControlCAsInput = true;
            TerminalChat? chat = null;
            await using var terminal = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
            var screen = new PromptScreen(terminal, () => Console.WindowWidth, () => chat?.Prompt ?? "");
            using PosixSignalRegistration? resized = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => screen.Redraw());
            var output = new TextOutput(screen.Write);
            chat = new TerminalChat(server, nick, options, output, roster);
            var editor = new LineEditor((text, cursor) => Completion.Of(text, cursor, ChatCommands.Names, roster.Nicks));
            try
            {
                return await new ChatProgram(chat, new EditorInput(editor, screen), output, TimeProvider.System, interactive: true).RunAsync(quit.Token);
            }
            finally
            {
                screen.Close();
            }
        }

        Task<int> PipeAsync()
        {
            TextWriter lines = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
            Action<IReadOnlyList<string>> write = some => lines.Write(string.Concat(some.Select(line => line + "\n")));
            ITerminalOutput output = json ? new JsonOutput(write) : new TextOutput(write);
            var chat = new TerminalChat(server, nick, options, output, roster);
            return new ChatProgram(chat, new PlainInput(Console.In), output, TimeProvider.System, interactive: false).RunAsync(quit.Token);
        }
    }

    /// <summary>A signal quits like <c>/quit</c>.</summary>
    private static PosixSignalRegistration Politely(PosixSignal signal, CancellationTokenSource quit) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        quit.Cancel();
    });
}
