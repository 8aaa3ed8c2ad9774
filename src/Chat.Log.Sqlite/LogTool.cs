using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Tool;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>For operators, from the command line: back up, restore, check and mend a database.</summary>
public static class LogTool
{
    private const int DataProblem = 1;
    private const int WrongUse = 2;

    /// <summary>
    /// Runs a command with the console's streams. The first SIGINT or SIGTERM gives it up, which leaves nothing half-done; a second ends
    /// the process.
    /// </summary>
    /// <inheritdoc cref="Run" path="/param"/>
    /// <inheritdoc cref="Run" path="/returns"/>
    public static int RunAtConsole(string[] args, string path)
    {
        // Not disposed: a signal's handler may still be running when the command has ended.
        var quit = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = Register(PosixSignal.SIGINT, quit);
        using PosixSignalRegistration terminate = Register(PosixSignal.SIGTERM, quit);
        return Run(args, path, Console.Out, Console.Error, !Console.IsErrorRedirected, quit.Token);
    }

    /// <summary>Runs a command.</summary>
    /// <param name="args">The command and its options.</param>
    /// <param name="path">The database, unless the options name another.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For what went wrong, and for how far it is.</param>
    /// <param name="isTerminal">Whether <paramref name="error"/> is one, where a line can be written over.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The exit code: 0 when all is well, 1 when something is wrong with the database or it was given up, 2 when the command is
    /// wrong.</returns>
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

    /// <summary>One line; null for a bug, which is to be seen whole.</summary>
    private static string? Explain(Exception failure, CancellationToken cancelled) => failure switch
    {
        OperationCanceledException => "Given up; nothing was changed.",
        SqliteException when cancelled.IsCancellationRequested => "Given up; nothing was changed.",
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
