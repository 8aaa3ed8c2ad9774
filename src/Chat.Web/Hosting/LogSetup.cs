using System.ComponentModel.DataAnnotations;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Log;

namespace ErlChat.Web.Hosting;

/// <summary>The log behind the chat, and the history that goes with it.</summary>
internal static class LogSetup
{
    internal static void AddLog(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(SqliteLogOptions.Section);
        services.AddOptionsSection<LogOptions>(section).ValidateDataAnnotations();

        if (IsInMemory(section))
        {
            services.KnowOptions<SqliteLogOptions>(section, isRead: false);
            services.AddSingleton<IChatLog>(_ => new MemoryLog());
            services.AddSingleton<IChatHistory, MemoryHistory>();
            return;
        }

        services.AddOptionsSection<SqliteLogOptions>(section).ValidateDataAnnotations();
        services.AddSqliteLog(builder.Environment.ContentRootPath);
    }

    /// <summary>
    /// Whether the configuration asks for no database. A kind that there is not is told together with whatever else is wrong with the
    /// options.
    /// </summary>
    internal static bool IsInMemory(IConfigurationSection section) =>
        Enum.TryParse(section[nameof(LogOptions.Kind)], ignoreCase: true, out LogKind kind) && kind == LogKind.Memory;

    /// <summary>Where the server would look for its database, with this configuration.</summary>
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

    /// <summary>As the framework finds it for the server.</summary>
    private static string EnvironmentName() =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environments.Production;

    /// <summary>Opens the log before the host starts: what fails in its start the host logs with a stack trace, and an operator should get a line.</summary>
    internal static void OpenLog(this WebApplication app) => app.Services.GetService<ISqliteLogFile>()?.Open();
}

/// <summary>Which log there is, configuration section <c>Log</c> beside <see cref="SqliteLogOptions"/>.</summary>
public sealed class LogOptions
{
    /// <summary>Where the log is stored.</summary>
    /// <value><c>Sqlite</c> or <c>Memory</c>; <c>Sqlite</c> by default.</value>
    [EnumDataType(typeof(LogKind))]
    public LogKind Kind { get; set; } = LogKind.Sqlite;
}

/// <summary>The logs to choose from.</summary>
public enum LogKind
{
    /// <summary>A database in a file: a restart loses nothing.</summary>
    Sqlite,

    /// <summary>Memory: a restart forgets everything.</summary>
    Memory,
}
