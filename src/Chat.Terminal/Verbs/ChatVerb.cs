using System.CommandLine;
using System.Runtime.InteropServices;
using ErlChat.Client;
using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Editing;
using ErlChat.Terminal.Output;
using ErlChat.Terminal.Storing;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>chat</c>: takes part in the chat.</summary>
internal static class ChatVerb
{
    private static readonly ChatClientOptions s_options = new() { LoginPatience = TimeSpan.Zero };

    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one JSON event per line, for scripts" };
        var verb = new Command("chat", "join the chat; if the input is redirected, send its lines and exit");
        var arguments = new ChatArguments(verb);
        verb.Add(json);
        verb.SetAction((parsed, cancellationToken) => RunAsync(arguments, parsed, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    /// <summary>Runs until the input ends, the user quits, or <paramref name="cancellationToken"/> is cancelled.</summary>
    private static async Task<int> RunAsync(ChatArguments arguments, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        using var quit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool interactive = !json && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (arguments.Fault(parsed, interactive) is { } fault)
            return await ServerOptions.RefuseAsync(fault);
        await using var writer = new GuardedWriter(GuardedWriter.OpenStandard(), () => _ = quit.CancelAsync());
        string? asked = null;
        if (arguments.AsksPassword(parsed))
        {
            // Reading a key cannot be cancelled.
            asked = await Task.Run(() => SecretPrompt.Read(writer, "password: "), CancellationToken.None).WaitAsync(quit.Token);
            if (asked is null)
                return ExitCodes.Ok;
        }

        try
        {
            LoginSettings login = arguments.Login(parsed, asked);
            int code = interactive ? await TypeAsync(login) : await PipeAsync(login);
            if (!writer.IsLost)
                return code;
        }
        catch (Exception e) when (e is PrivateFileException or FormatException)
        {
            return await ServerOptions.RefuseAsync(e.Message);
        }

        await Console.Error.WriteLineAsync("The output was closed.");
        return ExitCodes.Failed;

        SessionStore? OpenStore(ITerminalOutput output) =>
            arguments.OpenStore(parsed, interactive, why => output.Problem("not_stored", why));

        async Task<int> TypeAsync(LoginSettings login)
        {
            (var roster, var titles) = (new Roster(), new RoomTitles());
            var server = new ServerCommands();
            TerminalChat? chat = null;
            var screen = new PromptScreen(writer, () => Console.WindowWidth, () => chat?.Prompt ?? "");
            var output = new TextOutput(screen.Write, titles);

            // If the file is refused, the terminal must be as it was.
            using SessionStore? store = OpenStore(output);
            Console.TreatControlCAsInput = true;
            using PosixSignalRegistration? resized = OperatingSystem.IsWindows()
                ? null
                : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => screen.Redraw());
            chat = new TerminalChat(login, s_options, output, roster, titles, store);
            var editor = new LineEditor(
                (text, cursor) => Completion.Of(text, cursor, ChatCommands.Names.Concat(server.Names), roster.Nicks));
            var input = new EditorInput(editor, screen);
            try
            {
                return await new ChatProgram(chat, input, output, TimeProvider.System, interactive: true, server).RunAsync(quit.Token);
            }
            finally
            {
                screen.Close();
            }
        }

        async Task<int> PipeAsync(LoginSettings login)
        {
            Action<IReadOnlyList<string>> write = some => writer.Write(string.Concat(some.Select(line => line + "\n")));
            var titles = new RoomTitles();
            ITerminalOutput output = json ? new JsonOutput(write) : new TextOutput(write, titles);
            using SessionStore? store = OpenStore(output);
            var chat = new TerminalChat(login, s_options, output, new Roster(), titles, store);
            var input = new PlainInput(Console.In);
            return await new ChatProgram(chat, input, output, TimeProvider.System, interactive: false).RunAsync(quit.Token);
        }
    }
}
