using ErlChat.Settings;
using ErlChat.Sqlite.Log;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Options of different sections that cannot both be meant. What contradicts within a class of options, its own rules say.
/// </summary>
internal sealed class Contradictions(IConfiguration configuration) : IValidateOptions<OptionsCatalog.Check>
{
    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options)
    {
        string[] failures = [.. OfMemory(), .. OfHsts(), .. OfProxies(), .. OfStop()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>What is to be kept, or must be there, cannot be in memory.</summary>
    private IEnumerable<string> OfMemory()
    {
        IConfigurationSection section = configuration.GetSection(SqliteLogOptions.Section);
        if (!LogSetup.IsInMemory(section))
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

    /// <summary>The header is only said over https.</summary>
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
    /// The framework's own switch (ASPNETCORE_FORWARDEDHEADERS_ENABLED) lets anybody say which address they come from, and with it whom
    /// limits and bans hit.
    /// </summary>
    private IEnumerable<string> OfProxies() =>
        bool.TryParse(configuration["ForwardedHeaders_Enabled"], out bool on) && on
            ? [
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts every X-Forwarded-For, so anyone could claim any address. "
                    + "Leave it out, and set Chat:TrustedProxies to your proxy's address.",
            ]
            : [];

    /// <summary>The framework's own limit of the stop is set from ours: beside it, it would do nothing.</summary>
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
