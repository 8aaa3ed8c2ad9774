using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Verbs;

/// <summary>Runs the verb that the command line names, with this program's exit codes.</summary>
internal static class VerbLine
{
    internal static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(WithVerb(args));
        if (parsed.Errors.Count == 0)
            return await InvokeAsync(parsed);
        foreach (ParseError error in parsed.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("--help lists the verbs and options.");
        return ExitCodes.Usage;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        // Not disposed: a signal handler may still be running when the verb has ended.
        var quit = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = CancelOnSignal(PosixSignal.SIGINT, quit);
        using PosixSignalRegistration terminate = CancelOnSignal(PosixSignal.SIGTERM, quit);
        using PosixSignalRegistration hangUp = CancelOnSignal(PosixSignal.SIGHUP, quit);
        try
        {
            // The library's own handling would begin after the verb, and would end the program while a chat is still sending its last
            // messages.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, quit.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An output that cannot be written, or a bug.
            await Console.Error.WriteLineAsync($"Failed: {SafeText.Of(e.Message)}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>The first signal asks the verb to stop; a second terminates the process.</summary>
    private static PosixSignalRegistration CancelOnSignal(PosixSignal signal, CancellationTokenSource quit) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !quit.IsCancellationRequested;
            _ = quit.CancelAsync();
        });

    /// <summary>Without a verb, runs <c>chat</c>, as in the original, which had no verbs.</summary>
    private static string[] WithVerb(string[] args) => args switch
    {
        [] => ["chat"],
        ["--help" or "-h" or "-?" or "/?" or "--version", ..] => args,
        [['-', ..], ..] => ["chat", .. args],
        _ => args,
    };
}
