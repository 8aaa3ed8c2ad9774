using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Tool;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>The operator's command-line tool: backs up, restores, checks and repairs a database.</summary>
public static class LogTool
{
    private const int DataProblem = 1;
    private const int WrongUse = 2;

    /// <summary>
    /// Runs a command with the console's streams. The first SIGINT or SIGTERM cancels it, which leaves nothing half-done; a second one ends
    /// the process.
    /// </summary>
    /// <inheritdoc cref="Run" path="/param"/>
    /// <inheritdoc cref="Run" path="/returns"/>
    public static int RunAtConsole(string[] args, string path)
    {
        // Not disposed: a signal handler may still be running when the command has ended.
        var quit = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = Register(PosixSignal.SIGINT, quit);
        using PosixSignalRegistration terminate = Register(PosixSignal.SIGTERM, quit);
        return Run(args, path, Console.Out, Console.Error, !Console.IsErrorRedirected, quit.Token);
    }

    /// <summary>Runs a command.</summary>
    /// <param name="args">The command and its options.</param>
    /// <param name="path">The database to use unless the options name another.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">Receives errors and progress.</param>
    /// <param name="isTerminal">Whether <paramref name="error"/> is a terminal, on which a line can be overwritten.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>The exit code: 0 for success, 1 if something is wrong with the database or the command was cancelled, 2 if the command line
    /// is wrong.</returns>
    public static int Run(
        string[] args,
        string path,
        TextWriter output,
        TextWriter error,
        bool isTerminal = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var progress = new ToolProgress(error, isTerminal, TimeProvider.System);
        var call = new ToolCall(path, output, error, progress, TimeProvider.System, cancellationToken);
        Command root = ToolCommands.Create(call);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError one in parsed.Errors)
                error.WriteLine(one.Message);
            error.WriteLine($"There are: {string.Join(", ", root.Subcommands.Select(command => $"log {command.Name}"))}.");
            error.WriteLine("See `log --help` and `log COMMAND --help`.");
            return WrongUse;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e) when (Explain(e, cancellationToken) is { } problem)
        {
            progress.End();
            error.WriteLine(problem);
            return e is ToolUseException ? WrongUse : DataProblem;
        }
    }

    /// <summary>The one-line message for an exception; null for a bug, whose stack trace should be seen.</summary>
    private static string? Explain(Exception failure, CancellationToken cancelled) => failure switch
    {
        OperationCanceledException => "Cancelled. Nothing was changed.",
        SqliteException when cancelled.IsCancellationRequested => "Cancelled. Nothing was changed.",
        SqliteException damage when DatabaseCheck.IsDamage(damage) =>
            $"The database is damaged: {damage.Message} `log salvage` saves what can be read; see docs/durability.md.",
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED } =>
            "The database is locked by another program.",
        SqliteException or IOException or UnauthorizedAccessException or ToolUseException => failure.Message,
        _ => null,
    };

    private static PosixSignalRegistration Register(PosixSignal signal, CancellationTokenSource quit) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !quit.IsCancellationRequested;
            quit.Cancel();
        });
}
