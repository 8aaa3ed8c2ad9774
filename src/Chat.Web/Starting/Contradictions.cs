using System.Reflection;
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
    /// <summary>The kinds of log that have options of their own.</summary>
    private static readonly (LogKind Kind, Type Options)[] s_kinds =
        [(LogKind.Sqlite, typeof(SqliteLogOptions)), (LogKind.Postgres, typeof(PostgresLogOptions))];

    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options)
    {
        string[] failures = [.. OfLog(), .. OfHsts(), .. OfProxies(), .. OfStop(), .. OfEmail()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>
    /// Options that only other kinds of log have. They would have no effect, and some of them promise something. What has its default
    /// promises nothing more, and <c>Log:Path</c> is set by packages and images whatever the kind.
    /// </summary>
    private IEnumerable<string> OfLog()
    {
        IConfigurationSection section = configuration.GetSection(SqliteLogOptions.Section);
        LogKind current = LogSetup.KindOf(section);
        (LogKind Kind, PropertyInfo Option)[] all =
            [.. s_kinds.SelectMany(static kind => OptionsReader.OptionsOf(kind.Options).Select(option => (kind.Kind, option)))];
        return all
            .GroupBy(static one => one.Option.Name)
            .Where(same => same.Key != nameof(SqliteLogOptions.Path) && same.All(one => one.Kind != current)
                && IsSet(section.GetSection(same.Key), same.First().Option))
            .Select(static same =>
                $"Log:{same.Key} only has an effect with {string.Join(" or ", same.Select(static one => $"Log:Kind={one.Kind}"))}. "
                    + "Leave it out, or set that.");
    }

    /// <summary>Whether an option has a value other than its default.</summary>
    private static bool IsSet(IConfigurationSection found, PropertyInfo option)
    {
        if (found.Value is not { Length: > 0 })
            return false;
        object options = Activator.CreateInstance(option.ReflectedType!)!;
        object? standard = option.GetValue(options);
        var unreadable = new List<string>();
        OptionsReader.ReadValue(option, found, options, unreadable);
        return unreadable.Count > 0 || !Equals(option.GetValue(options), standard);
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

    /// <summary>
    /// Links in e-mails need the chat's address. What a request names as its host is not to be trusted with their secrets.
    /// </summary>
    private IEnumerable<string> OfEmail() =>
        configuration.GetSection(SmtpOptions.Section)[nameof(SmtpOptions.Host)] is not null && Web().PublicUrl.Count == 0
            ? ["Smtp:Host needs Chat:PublicUrl: the links in e-mails begin with its first address."]
            : [];

    private WebOptions Web()
    {
        var web = new WebOptions();
        OptionsReader.Read(configuration.GetSection(ChatOptions.Section), web, []);
        return web;
    }
}
