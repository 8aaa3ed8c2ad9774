using System.Diagnostics;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Settings;
using ErlChat.Sqlite.Log;
using ErlChat.Web.Admin;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Configuration;
using ErlChat.Web.Flack;
using ErlChat.Web.Peer;
using ErlChat.Web.Site;
using ErlChat.Web.Starting;
using ErlChat.Web.Storage;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Configuration;

/// <summary>Invalid options make the start fail, and the error names all of them at once.</summary>
public class OptionsTests
{
    [Theory]
    [InlineData("Chat:PollTimeout=00:00:00.001", "PollTimeout")]
    [InlineData("Chat:PollTimeout=00:20:00", "PollTimeout")]
    [InlineData("Chat:PollTimeout=soon", "PollTimeout")]
    [InlineData("Chat:PollJitter=00:00:50", "Chat:PollJitter")]
    [InlineData("Chat:IdleLimit=00:00:34", "Chat:IdleLimit")]
    [InlineData("Chat:IdleLimit=00:00:35", "Chat:IdleLimit")]
    [InlineData("Chat:CheckIdle=00:00:00", "CheckIdle")]
    [InlineData("Chat:MaxSessionsPerHost=0", "MaxSessionsPerHost")]
    [InlineData("Chat:MaxSessionsPerHost=many", "MaxSessionsPerHost")]
    [InlineData("Chat:MaxNickLength=65", "MaxNickLength")]
    [InlineData("Chat:MaxMessageLength=0", "MaxMessageLength")]
    [InlineData("Chat:RateLimitCount=0", "RateLimitCount")]
    [InlineData("Chat:RateLimitWindow=00:00:00", "RateLimitWindow")]
    [InlineData("Chat:MaxWaitsPerSession=0", "MaxWaitsPerSession")]
    [InlineData("Chat:MaxMailboxBytes=1", "MaxMailboxBytes")]
    [InlineData("Chat:KeepAcknowledged=2000", "Chat:KeepAcknowledged")]
    [InlineData("Chat:AdminPassword=", "Chat:AdminPassword")]
    [InlineData("Chat:PublicUrl=https://éééééééééééééééééééééééééééééééééééééééééééééééééééééééééé", "Chat:PublicUrl")]
    [InlineData(
        "Chat:AllowedOrigins=https://éééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
        "Chat:AllowedOrigins")]
    [InlineData("Chat:AdminPasswordHash=x", "Chat:AdminPasswordHash")]
    [InlineData("Chat:AdminTriesPerSession=0", "AdminTriesPerSession")]
    [InlineData("Chat:AdminTryPatience=00:02:00", "AdminTryPatience")]
    [InlineData("Chat:MinPasswordLength=7", "MinPasswordLength")]
    [InlineData("Chat:ResetLinkLifetime=00:00:59", "ResetLinkLifetime")]
    [InlineData("Chat:PasswordTriesPerGuesser=0", "PasswordTriesPerGuesser")]
    [InlineData("Chat:PasswordTriesPerPerson=0", "PasswordTriesPerPerson")]
    [InlineData("Chat:PasswordTriesPerAddress=0", "PasswordTriesPerAddress")]
    [InlineData("Chat:PasswordTriesPerServer=0", "PasswordTriesPerServer")]
    [InlineData("Chat:PasswordTriesWaiting=0", "PasswordTriesWaiting")]
    [InlineData("Chat:PasswordTryPatience=00:02:00", "PasswordTryPatience")]
    [InlineData("Chat:RetryFirst=00:00:00.001", "Chat:RetryFirst")]
    [InlineData("Chat:RetryLongest=00:00:00.1", "Chat:RetryLongest")]
    [InlineData("Chat:TrustedProxies=127.0.0.1,proxy.example", "proxy.example")]
    [InlineData("Chat:TrustedProxies=10.0.0.0/99", "10.0.0.0/99")]
    [InlineData("Chat:PublicUrl=chat.example", "Chat:PublicUrl: 'chat.example'")]
    [InlineData("Chat:PublicUrl=https://chat.example/sub", "Chat:PublicUrl")]
    [InlineData("Chat:PublicUrl=ftp://chat.example", "Chat:PublicUrl")]
    [InlineData("Chat:AllowedOrigins=*", "Chat:AllowedOrigins: '*'")]
    [InlineData("Chat:AllowedOrigins=null", "Chat:AllowedOrigins")]
    [InlineData("Chat:AllowedOrigins=https://app.example,https://app.example/page", "https://app.example/page")]
    [InlineData("Chat:Hsts=maybe", "Chat:Hsts")]
    [InlineData("Node:Name=", "Node:Name")]
    [InlineData("Node:Name=n 1", "Node:Name")]
    [InlineData("Node:Name=a23456789012345678901234567890123", "Node:Name")]
    [InlineData("Node:Cookie=short", "Node:Cookie must be 16 to 256")]
    [InlineData("Node:Cookie=long-enough-for-a-cookie", "Node:Cookie is for several nodes")]
    [InlineData("Node:Address=http://10.0.0.1:8000", "Node:Address is for several nodes")]
    [InlineData("Smtp:Port=0", "Port")]
    [InlineData("Smtp:Security=7", "Security")]
    [InlineData("Smtp:Security=Ssl", "StartTls, Tls, None")]
    [InlineData("Smtp:Timeout=00:06:00", "Timeout")]
    [InlineData("Smtp:Tries=0", "Tries")]
    [InlineData("Smtp:RetryAfter=00:11:00", "RetryAfter")]
    [InlineData("Smtp:MaxWaiting=0", "MaxWaiting")]
    [InlineData("Smtp:RequestsPerAddress=0", "RequestsPerAddress")]
    [InlineData("Smtp:EmailsPerReceiver=0", "EmailsPerReceiver")]
    [InlineData("Smtp:EmailsPerServer=0", "EmailsPerServer")]
    [InlineData("Smtp:From=chat@chat.example", "no effect without Smtp:Host")]
    [InlineData("Flack:IdleLimit=00:00:00", "IdleLimit")]
    [InlineData("Flack:IdleLimit=soon", "Flack:IdleLimit")]
    [InlineData("Peer:Port=70000", "Port")]
    [InlineData("Peer:Port=many", "Peer:Port")]
    [InlineData("Peer:Address=nowhere", "Peer:Address")]
    [InlineData("Metrics:Url=9464", "Metrics:Url")]
    [InlineData("Metrics:Url=https://localhost:9464", "Metrics:Url")]
    [InlineData("Metrics:Url=http://localhost", "Metrics:Url")]
    [InlineData("Metrics:Url=http://localhost:9464/metrics", "Metrics:Url")]
    [InlineData("Metrics:OnChatPort=perhaps", "Metrics:OnChatPort")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    public void An_invalid_option_is_named(string option, string named)
    {
        Assert.Contains(FailuresOf("--" + option), failure => failure.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void A_password_that_nobody_could_enter_is_named()
    {
        Assert.Contains(
            FailuresOf("--Chat:AdminPassword=" + new string('x', 1025)),
            failure => failure.Contains("Chat:AdminPassword", StringComparison.Ordinal));
    }

    [Fact]
    public void All_invalid_options_are_named_at_once_whatever_is_wrong_with_them()
    {
        string all = string.Join('\n', FailuresOf(
            "--Chat:PollTimeout=soon", "--Chat:MaxNickLength=0", "--Chat:RateLimitCount=x", "--Chat:TrustedProxies=nonsense",
            "--Chat:AdminPassword=a", "--Chat:AdminPasswordHash=b",
            "--Flack:SendLimit=soon", "--Peer:BytesPerSecond=fast"));
        foreach (string named in new[]
        {
            "PollTimeout", "MaxNickLength", "RateLimitCount", "TrustedProxies", "not both", "AdminPasswordHash", "Flack:SendLimit",
            "Peer:BytesPerSecond",
        })
            Assert.Contains(named, all, StringComparison.Ordinal);
    }

    // Previously, such keys were ignored without a warning, and the operator wondered why nothing changed.
    [Theory]
    [InlineData("Chat:PolTimeout=00:00:10", "Chat:PollTimeout")]
    [InlineData("Chat:TrustedProxy=10.0.0.1", "Chat:TrustedProxies")]
    [InlineData("chat:ratelimit=5", "Chat:RateLimitCount")]
    [InlineData("Chat:SendLimit=00:00:05", "Flack:SendLimit")]
    [InlineData("Log:Pth=x", "Log:Path")]
    [InlineData("Peer:Ports=1", "Peer:Port")]
    public void An_unknown_key_is_named_with_the_nearest_option(string option, string nearest)
    {
        string key = option.Split('=')[0];
        string failure = Assert.Single(FailuresOf("--" + option));
        Assert.Contains(key, failure, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith($" {nearest}?", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Chat:PollTimeout:Seconds=5")]
    [InlineData("Chat:TrustedProxies:first=10.0.0.1")]
    public void A_key_below_a_simple_option_is_named(string option)
    {
        Assert.Contains("has no part named", Assert.Single(FailuresOf("--" + option)), StringComparison.Ordinal);
    }

    // Previously, only the text with commas was read. The framework's own ways of writing a list were ignored.
    [Theory]
    [InlineData("Chat:TrustedProxies=10.0.0.1,192.168.0.0/16")]
    [InlineData("Chat:TrustedProxies=10.0.0.1 192.168.0.0/16")]
    [InlineData("Chat:TrustedProxies:0=10.0.0.1", "Chat:TrustedProxies:1=192.168.0.0/16")]
    public async Task A_list_can_be_written_in_the_usual_ways(params string[] options)
    {
        await using WebApplication app = ChatServer.Build(["--Log:Kind=Memory", .. options.Select(option => "--" + option)]);
        Assert.Equal(["10.0.0.1", "192.168.0.0/16"], app.Services.GetRequiredService<IOptions<WebOptions>>().Value.TrustedProxies);
    }

    [Fact]
    public void A_list_can_be_an_array_in_JSON()
    {
        using var json = new MemoryStream("""{ "Chat": { "TrustedProxies": ["10.0.0.1", "192.168.0.0/16"] } }"""u8.ToArray());
        IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        var options = new WebOptions();
        OptionsReader.Read(configuration.GetSection("Chat"), options, []);
        Assert.Equal(["10.0.0.1", "192.168.0.0/16"], options.TrustedProxies);
    }

    [Fact]
    public void A_mail_server_needs_a_sender_and_the_address_of_the_chat_and_all_that_is_missing_is_said_at_once()
    {
        IReadOnlyList<string> failures = FailuresOf("--Smtp:Host=mail server", "--Smtp:User=chat", "--Smtp:From=Chat <chat@chat.example>");
        Assert.Equal(4, failures.Count);
        foreach (string named in (string[])["'mail server' is not", "needs Smtp:From", "Smtp:User and Smtp:Password", "Chat:PublicUrl"])
            Assert.Single(failures, line => line.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_program_prints_the_errors_as_lines_and_exits_with_1()
    {
        (int code, string error) = await RunAsync("--Chat:MaxNickLength=0", "--Chat:PollTimeout=soon", "--Chat:TrustedProxies=nonsense");
        Assert.Equal(1, code);
        string[] lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        foreach (string named in new[] { "MaxNickLength", "PollTimeout", "TrustedProxies" })
            Assert.Single(lines, line => line.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--urls=nonsense", "nonsense")]
    [InlineData("--urls=http://127.0.0.1:99999", "port")]
    public async Task An_invalid_address_is_named_too(string argument, string named)
    {
        (int code, string error) = await RunAsync(argument);
        Assert.Equal(1, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_named_too()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        (int code, string error) = await RunAsync("--urls", server.Address.ToString());
        Assert.Equal(1, code);
        Assert.Contains(server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(ChatOptions), "configuration")]
    [InlineData(typeof(WebOptions), "configuration")]
    [InlineData(typeof(AdminOptions), "configuration")]
    [InlineData(typeof(AnswerOptions), "configuration")]
    [InlineData(typeof(NodeOptions), "configuration")]
    [InlineData(typeof(LogOptions), "durability")]
    [InlineData(typeof(SqliteLogOptions), "durability")]
    [InlineData(typeof(PostgresLogOptions), "configuration")]
    [InlineData(typeof(FlackOptions), "flack")]
    [InlineData(typeof(PeerOptions), "peer")]
    [InlineData(typeof(MetricsOptions), "watching")]
    [InlineData(typeof(OidcOptions), "configuration")]
    [InlineData(typeof(SmtpOptions), "configuration")]
    public void Every_option_has_a_row_on_its_documentation_page(Type options, string page)
    {
        string docs = Path.Combine(SitePaths.OptionsFor([]).ContentRootPath!, "docs");
        string[] rows = [.. File.ReadLines(Path.Combine(docs, page + ".md")).Where(line => line.StartsWith('|'))];
        foreach (string option in options.GetProperties().Select(property => property.Name))
            Assert.True(
                rows.Any(row => row.Split('|')[1].Contains($"`{option}`", StringComparison.Ordinal)),
                $"{page}.md has no row for {option}.");
        if (page != "configuration")
            Assert.Contains($"({page}.md)", File.ReadAllText(Path.Combine(docs, "configuration.md")), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> FailuresOf(params string[] args)
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => ChatServer.Build(args));
        Assert.True(StartFailure.TryExplain(failure, out IReadOnlyList<string> failures), failure.ToString());
        return failures;
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Chat.Web.dll"));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
            await output.WithinAsync();
            return (process.ExitCode, await error.WithinAsync());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
