using System.ComponentModel.DataAnnotations;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Postgres;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Schema;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Log;
using ErlChat.Web.Configuration;
using ErlChat.Web.Site;

namespace ErlChat.Web.Storage;

/// <summary>Registers the chat's log and the history that belongs to it.</summary>
internal static class LogSetup
{
    internal static void AddLog(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(SqliteLogOptions.Section);
        services.AddOptionsSection<LogOptions>(section).ValidateDataAnnotations();

        LogKind kind = KindOf(section);
        if (kind == LogKind.Sqlite)
        {
            services.AddOptionsSection<SqliteLogOptions>(section).ValidateDataAnnotations();
            services.AddSqliteLog(builder.Environment.ContentRootPath);
        }
        else
        {
            services.KnowOptions<SqliteLogOptions>(section, isRead: false);
        }

        if (kind == LogKind.Postgres)
        {
            services.AddOptionsSection<PostgresLogOptions>(section).ValidateDataAnnotations();
            services.AddPostgresLog();
        }
        else
        {
            services.KnowOptions<PostgresLogOptions>(section, isRead: false);
        }

        if (kind == LogKind.Memory)
        {
            services.AddSingleton<IChatLog>(_ => new MemoryLog());
            services.AddSingleton<IChatHistory, MemoryHistory>();
            services.AddSingleton<ICredentialStore, MemoryCredentials>();
        }
    }

    /// <summary>
    /// The kind of log that the configuration asks for. An unknown one is reported later, together with all other invalid options.
    /// </summary>
    internal static LogKind KindOf(IConfigurationSection section) =>
        Enum.TryParse(section[nameof(LogOptions.Kind)], ignoreCase: true, out LogKind kind) && Enum.IsDefined(kind) ? kind : LogKind.Sqlite;

    /// <summary>Whether the configuration asks for a log that several nodes share.</summary>
    internal static bool IsShared(IConfiguration configuration) =>
        KindOf(configuration.GetSection(SqliteLogOptions.Section)) == LogKind.Postgres;

    /// <summary>The path of the server's database in the current configuration.</summary>
    internal static string PathOf(string[] args)
    {
        WebApplicationOptions site = SitePaths.OptionsFor(args);
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(site.ContentRootPath!, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(site.ContentRootPath!, $"appsettings.{EnvironmentName()}.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        string path = configuration[$"{SqliteLogOptions.Section}:{nameof(SqliteLogOptions.Path)}"] ?? new SqliteLogOptions().Path;
        return Path.GetFullPath(path, site.ContentRootPath!);
    }

    /// <summary>The name of the environment, found as the framework does.</summary>
    private static string EnvironmentName() =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environments.Production;

    /// <summary>
    /// Opens the log before the host starts. The host logs failures of its start with a stack trace, and the operator should see a single
    /// line.
    /// </summary>
    /// <remarks>A PostgreSQL that cannot be reached yet is waited for, in the start of the chat room.</remarks>
    internal static async Task OpenLogAsync(this WebApplication app)
    {
        app.Services.GetService<ISqliteLogFile>()?.Open();
        if (app.Services.GetService<IPostgresDatabase>() is { } database)
        {
            // The caller goes on with the start, and must not do so on the thread that serves the database's socket.
            await Task.Run(() => database.TryOpenAsync(CancellationToken.None));
        }
    }
}

/// <summary>
/// The kind of log; configuration section <c>Log</c>, next to <see cref="SqliteLogOptions"/> and <see cref="PostgresLogOptions"/>.
/// </summary>
public sealed class LogOptions
{
    /// <summary>Where the log is stored.</summary>
    /// <value><c>Sqlite</c>, <c>Postgres</c> or <c>Memory</c>; <c>Sqlite</c> by default.</value>
    [EnumDataType(typeof(LogKind))]
    public LogKind Kind { get; set; } = LogKind.Sqlite;
}

/// <summary>The kinds of log.</summary>
public enum LogKind
{
    /// <summary>A SQLite database in a file. A restart loses nothing.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database that several nodes can share. A restart loses nothing.</summary>
    Postgres,

    /// <summary>Memory. A restart loses everything.</summary>
    Memory,
}
