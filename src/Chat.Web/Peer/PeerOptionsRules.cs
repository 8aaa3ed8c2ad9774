using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Peer;

/// <summary>Takes <c>PORT</c> into account, and checks what annotations cannot.</summary>
internal sealed class PeerOptionsRules(IConfiguration configuration) : IPostConfigureOptions<PeerOptions>, IValidateOptions<PeerOptions>
{
    private string? Told => configuration["PORT"];

    private bool IsConfigured => configuration[$"{PeerOptions.Section}:{nameof(PeerOptions.Port)}"] is not null;

    public void PostConfigure(string? name, PeerOptions options)
    {
        options.IsChosen = IsConfigured || Told is not null;
        if (!IsConfigured && int.TryParse(Told, NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            options.Port = port;
    }

    public ValidateOptionsResult Validate(string? name, PeerOptions options)
    {
        var failures = new List<string>();
        if (!IsConfigured && Told is not null && !int.TryParse(Told, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            failures.Add($"The environment variable PORT is '{Told}', which is not a valid port.");
        if (!IPAddress.TryParse(options.Address, out _))
            failures.Add($"Peer:Address: '{options.Address}' is not an IP address.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
