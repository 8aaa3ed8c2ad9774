using System.Runtime.InteropServices;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Nodes;
using ErlChat.Postgres.Schema;
using ErlChat.Sqlite.Log;
using ErlChat.Web.Admin;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Starting;

/// <summary>
/// Logs in a few lines what has started: the version, the database, and anything in the environment that looks wrong. The framework logs
/// the addresses.
/// </summary>
internal sealed partial class StartReport(
    IServiceProvider services,
    IHostEnvironment environment,
    IChatLog log,
    Admission admission,
    IOptions<AdminOptions> administration,
    ILogger<StartReport> logger) : IHostedLifecycleService
{
    /// <summary>Many systems allow a process at most this many files by default. A busy chat needs more.</summary>
    private const int FewFiles = 4096;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Log.Version(logger, ProgramVersion.Server, ProgramVersion.Runtime, RuntimeInformation.OSDescription, environment.EnvironmentName);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IPostgresDatabase>()?.Facts is { } shared)
            Log.Shared(logger, shared.Name, shared.Version, shared.Oldest, shared.Newest, shared.Epoch);
        switch (services.GetService<ISqliteLogFile>()?.Facts)
        {
            case null when services.GetService<IPostgresDatabase>() is not null:
                break;
            case null:
                Log.InMemory(logger, log.Epoch);
                break;
            case { IsNew: true } made:
                Log.Created(logger, made.Path, made.Epoch);
                break;
            case var found:
                Log.Found(logger, found.Path, found.Bytes / 1024, found.Entries, found.Newest, found.Epoch);
                break;
        }

        if (OpenFiles.Limit() is { } files)
        {
            if (admission.ConnectionLimit >= files)
                Log.TooManyConnections(logger, admission.ConnectionLimit, files);
            else if (files < FewFiles && admission.ConnectionLimit == 0)
                Log.FewFiles(logger, files);
        }

        if (administration.Value is { AdminPassword: null, AdminPasswordHash: null })
            Log.NoAdministrators(logger);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(
            760,
            LogLevel.Information,
            "ErlChat {Version} on .NET {Runtime}, {System}, environment {Environment}.",
            EventName = "Version")]
        public static partial void Version(ILogger logger, string version, string runtime, string system, string environment);

        [LoggerMessage(
            761,
            LogLevel.Information,
            "The log is in memory: a restart forgets everything. Epoch {Epoch}.",
            EventName = "LogInMemory")]
        public static partial void InMemory(ILogger logger, string epoch);

        [LoggerMessage(
            762,
            LogLevel.Warning,
            "Created a new, empty database: {Path}, epoch {Epoch}. If you expected an existing one, stop the server and check "
                + "whether its volume is mounted. With Log:MustExist=true the server refuses such a start.",
            EventName = "DatabaseCreated")]
        public static partial void Created(ILogger logger, string path, string epoch);

        [LoggerMessage(
            763,
            LogLevel.Information,
            "Found the database: {Path}, {Kilobytes} KiB, {Entries} entries, the newest {Newest}, epoch {Epoch}.",
            EventName = "DatabaseFound")]
        public static partial void Found(ILogger logger, string path, long kilobytes, long entries, long newest, string epoch);

        [LoggerMessage(
            767,
            LogLevel.Information,
            "The log is in PostgreSQL {Version}: {Name}. Entries {Oldest} to {Newest}, epoch {Epoch}.",
            EventName = "PostgresFound")]
        public static partial void Shared(ILogger logger, string name, string version, long oldest, long newest, string epoch);

        [LoggerMessage(
            764,
            LogLevel.Warning,
            "{Connections} connections are allowed, but the process may have only {Files} files open and would end if it ran out. "
                + "Raise that limit (ulimit -n, LimitNOFILE), or leave out Limits:Connections:Server.",
            EventName = "TooManyConnections")]
        public static partial void TooManyConnections(ILogger logger, int connections, int files);

        [LoggerMessage(
            765,
            LogLevel.Warning,
            "The process may have only {Files} files open, and each connection needs one. Raise that limit (ulimit -n, LimitNOFILE).",
            EventName = "FewFiles")]
        public static partial void FewFiles(ILogger logger, int files);

        [LoggerMessage(
            766,
            LogLevel.Information,
            "No administrators' password is set, so there are no administrators. `admin-password` prints the setting for one.",
            EventName = "NoAdministrators")]
        public static partial void NoAdministrators(ILogger logger);
    }
}
