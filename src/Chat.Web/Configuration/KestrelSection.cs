using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>
/// Reads the options that the framework's documentation lists below <c>Kestrel</c> but Kestrel does not read itself: <c>Kestrel:Limits</c>
/// and the switches next to it. Kestrel does read endpoints and certificates. Unknown keys, unreadable values and values that Kestrel
/// refuses make the start fail.
/// </summary>
internal sealed class KestrelSection(IConfiguration configuration)
    : IConfigureOptions<KestrelServerOptions>, IValidateOptions<OptionsCatalog.Check>
{
    private static readonly string[] s_ofKestrel = ["Endpoints", "EndpointDefaults", "Certificates"];

    private readonly IConfigurationSection _section = configuration.GetSection("Kestrel");

    public void Configure(KestrelServerOptions options) => Read(options, []);

    /// <summary>
    /// Attached to <see cref="OptionsCatalog.Check"/> instead of Kestrel's own options: the server is created from those before all options
    /// are validated together.
    /// </summary>
    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options)
    {
        var failures = new List<string>();
        Read(new KestrelServerOptions(), failures);
        failures.AddRange(KestrelEndpointKeys.Unknown(_section));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private void Read(KestrelServerOptions options, List<string> failures) =>
        ReadGroup(_section, options, failures, s_ofKestrel, static option =>
            option.PropertyType == typeof(bool) || option.Name == nameof(KestrelServerOptions.Limits));

    /// <param name="others">Keys that are read elsewhere.</param>
    /// <param name="isOption">Which of the target's properties are options.</param>
    private static void ReadGroup(
        IConfigurationSection section,
        object target,
        List<string> failures,
        string[] others,
        Func<PropertyInfo, bool> isOption)
    {
        PropertyInfo[] options = [.. target.GetType().GetProperties().Where(isOption)];
        foreach (IConfigurationSection key in section.GetChildren())
        {
            if (others.Contains(key.Key, StringComparer.OrdinalIgnoreCase))
                continue;
            PropertyInfo? option = Array.Find(options, one => string.Equals(one.Name, key.Key, StringComparison.OrdinalIgnoreCase));
            if (option is null)
            {
                string nearest = options.Select(static one => one.Name).Concat(others).MinBy(name => Spelling.Distance(name, key.Key))!;
                failures.Add($"There is no option {key.Path}. Did you mean {section.Path}:{nearest}?");
            }
            else if (option.PropertyType == typeof(MinDataRate))
            {
                ReadRate(option, key, target, failures);
            }
            else if (option.SetMethod is null)
            {
                object group = option.GetValue(target)!;
                if (key.Value is { Length: > 0 })
                    failures.Add(GroupHasValue(key, group.GetType().GetProperties()[0].Name));
                ReadGroup(key, group, failures, [], static _ => true);
            }
            else if (key.Value is not null)
            {
                OptionsReader.ReadValue(option, key, target, failures);
            }
        }
    }

    /// <summary>A rate is a group of two numbers. An empty text means that there is no minimum rate.</summary>
    private static void ReadRate(PropertyInfo option, IConfigurationSection section, object target, List<string> failures)
    {
        if (section.Value is { Length: 0 })
        {
            option.SetValue(target, null);
            return;
        }

        if (section.Value is not null)
            failures.Add(GroupHasValue(section, nameof(MinDataRate.BytesPerSecond)));
        var before = (MinDataRate?)option.GetValue(target);
        before ??= new MinDataRate(240, TimeSpan.FromSeconds(5));
        var rate = new Rate { BytesPerSecond = before.BytesPerSecond, GracePeriod = before.GracePeriod };
        ReadGroup(section, rate, failures, [], static _ => true);
        if (rate.BytesPerSecond > 0 && rate.GracePeriod > TimeSpan.FromSeconds(1))
            option.SetValue(target, new MinDataRate(rate.BytesPerSecond, rate.GracePeriod));
        else
            failures.Add($"{section.Path}: BytesPerSecond must be above 0, and GracePeriod above one second.");
    }

    private static string GroupHasValue(IConfigurationSection group, string option) =>
        $"{group.Path} is a group of options, such as {group.Path}:{option}.";

    private sealed class Rate
    {
        public double BytesPerSecond { get; set; }

        public TimeSpan GracePeriod { get; set; }
    }
}
