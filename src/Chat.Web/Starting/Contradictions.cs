using ErlChat.Postgres.Connections;
using ErlChat.Settings;
using ErlChat.Sqlite.Log;
using ErlChat.Web.Configuration;
using ErlChat.Web.Site;
using ErlChat.Web.Storage;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Starting;

/// <summary>
/// Refuses options of different sections that contradict one another. Contradictions within an options class are left to its own rules.
/// </summary>
internal sealed class Contradictions(IConfiguration configuration) : IValidateOptions<OptionsCatalog.Check>
{
    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options)
    {
        string[] failures = [.. OfMemory(), .. OfPostgres(), .. OfHsts(), .. OfProxies(), .. OfStop()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Options of the database, while the log is in memory.</summary>
    private IEnumerable<string> OfMemory()
    {
        IConfigurationSection section = configuration.GetSection(SqliteLogOptions.Section);
        if (LogSetup.KindOf(section) != LogKind.Memory)
            return [];
        var log = new SqliteLogOptions();
        OptionsReader.Read(section, log, []);
        (string Option, bool IsSet)[] promises =
        [
            (nameof(log.KeepFor), log.KeepFor is not null),
            (nameof(log.KeepEntries), log.KeepEntries is not null),
            (nameof(log.MustExist), log.MustExist),
            (nameof(log.AcceptLostState), log.AcceptLostState),
        ];
        return promises
            .Where(static one => one.IsSet)
            .Select(static one =>
                $"Log:{one.Option} applies to the database, but with Log:Kind=Memory there is none. Leave out one of them.");
    }

    /// <summary>A connection to PostgreSQL that would not be used, while the messages go somewhere else.</summary>
    private IEnumerable<string> OfPostgres()
    {
        IConfigurationSection section = configuration.GetSection(PostgresLogOptions.Section);
        return section[nameof(PostgresLogOptions.Connection)] is { Length: > 0 } && LogSetup.KindOf(section) != LogKind.Postgres
            ? ["Log:Connection only has an effect with Log:Kind=Postgres. Leave it out, or set that."]
            : [];
    }

    /// <summary>Strict-Transport-Security without https, over which alone it is sent.</summary>
    private IEnumerable<string> OfHsts()
    {
        WebOptions web = Web();
        IEnumerable<string?> addresses =
        [
            .. (configuration["urls"] ?? "").Split(';'),
            .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static endpoint => endpoint["Url"]),
            .. web.PublicUrl,
        ];
        bool isSecure = addresses.Any(static one => one?.TrimStart().StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true)
            || configuration["https_ports"] is { Length: > 0 } || web.TrustedProxies.Count > 0;
        return web.Hsts && !isSecure
            ? [
                "Chat:Hsts only has an effect over https, but there is none: "
                    + "no address and no Chat:PublicUrl with https, and no Chat:TrustedProxies.",
            ]
            : [];
    }

    /// <summary>
    /// The framework's own switch for proxies (ASPNETCORE_FORWARDEDHEADERS_ENABLED). With it, any client could claim any address and so
    /// avoid limits and bans, or turn them on others.
    /// </summary>
    private IEnumerable<string> OfProxies() =>
        bool.TryParse(configuration["ForwardedHeaders_Enabled"], out bool on) && on
            ? [
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts every X-Forwarded-For, so anyone could claim any address. "
                    + "Leave it out, and set Chat:TrustedProxies to your proxy's address.",
            ]
            : [];

    /// <summary>The framework's own timeout for the stop. It is set from ours, so configuring it has no effect.</summary>
    private IEnumerable<string> OfStop() => configuration["shutdownTimeoutSeconds"] is { Length: > 0 }
        ? ["shutdownTimeoutSeconds (ASPNETCORE_SHUTDOWNTIMEOUTSECONDS) has no effect. Leave it out, and set Chat:StopTimeout."]
        : [];

    private WebOptions Web()
    {
        var web = new WebOptions();
        OptionsReader.Read(configuration.GetSection(ChatOptions.Section), web, []);
        return web;
    }
}
