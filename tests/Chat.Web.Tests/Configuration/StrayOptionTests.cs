using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace ErlChat.Web.Tests.Configuration;

/// <summary>
/// Settings that nothing would read are refused, and the error suggests the nearest name. Previously, <c>Chta:PollTimeout</c> and
/// <c>--verbose</c> were ignored without a warning.
/// </summary>
public class StrayOptionTests
{
    [Theory]
    [InlineData("--Chta:PollTimeout=30s", "--Chat:PollTimeout")]
    [InlineData("--Limit:Enabled=false", "--Limits:Enabled")]
    [InlineData("--Limits:Read:Address:Count=5", "Limits:Reads:Address:Count")]
    [InlineData("--Logs:Path=x", "--Log:Path")]
    [InlineData("--Kestel:Limits:KeepAliveTimeout=3m", "--Kestrel:Limits:KeepAliveTimeout")]
    [InlineData("--Kestrel:Limit:KeepAliveTimeout=3m", "Kestrel:Limits")]
    [InlineData("--Kestrel:Limits:KeepAliveTimout=3m", "Kestrel:Limits:KeepAliveTimeout")]
    [InlineData("--Kestrel:Limits:Http2:MaxStreamPerConnection=3", "Kestrel:Limits:Http2:MaxStreamsPerConnection")]
    [InlineData("--Kestrel:Endpoints:One:Protocls=Http1", "Kestrel:Endpoints:One:Protocols")]
    [InlineData("--Kestrel:Endpoints:One:Certificate:KeyPth=x.pem", "Kestrel:Endpoints:One:Certificate:KeyPath")]
    [InlineData("--Kestrel:Endpoints:One:Sni:*.example:Certificat:Path=x", "Kestrel:Endpoints:One:Sni:*.example:Certificate")]
    [InlineData("--Kestrel:Certificates:Default:Pasword=x", "Kestrel:Certificates:Default:Password")]
    [InlineData("--Kestrel:EndpointDefaults:Protocol=Http1", "Kestrel:EndpointDefaults:Protocols")]
    [InlineData("--PollTimeout=30s", "--Chat:PollTimeout")]
    [InlineData("--PolTimeout=30s", "--Chat:PollTimeout")]
    [InlineData("--url=http://localhost:80", "--urls")]
    [InlineData("--AllowedHost=chat.example", "--AllowedHosts")]
    [InlineData("--verbose", "--version")]
    [InlineData("--halp", "--help")]
    [InlineData("--check-confg", "--check-config")]
    public void An_unknown_argument_is_named_with_the_nearest_option(string argument, string nearest)
    {
        string failure = Assert.Single(Failures.Of(argument));
        Assert.Contains(argument.TrimStart('-').Split('=', ':')[0], failure, StringComparison.Ordinal);
        Assert.Contains($"Did you mean {nearest}?", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("word")]
    [InlineData("-v")]
    [InlineData("-Chat:PollTimeout=30s")]
    [InlineData("--")]
    [InlineData("=x")]
    public void An_argument_that_resembles_no_option_is_named(string argument)
    {
        Assert.Contains($"'{argument}' is no option", Assert.Single(Failures.Of(argument)), StringComparison.Ordinal);
    }

    // The framework ignores such an option, or takes the name of the next one for its value.
    [Theory]
    [InlineData("--Chat:PollTimeout")]
    [InlineData("--Chat:PollTimeout", "--Chat:PollJitter=5s")]
    [InlineData("--urls", "--Chat:PollJitter=5s")]
    public void An_option_without_a_value_is_named(params string[] args)
    {
        Assert.Contains(Failures.Of(args), failure => failure.StartsWith($"{args[0]} has no value.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_section_is_not_an_option()
    {
        Assert.Contains("Chat is a section", Assert.Single(Failures.Of("--Chat=5")), StringComparison.Ordinal);
    }

    // Previously, the name of a group without an option was accepted, and ignored.
    [Theory]
    [InlineData("--Limits:Reads=5", "Limits:Reads is a group of options, such as Limits:Reads:")]
    [InlineData("--Limits:Reads:Address=5", "Limits:Reads:Address is a group of options, such as Limits:Reads:Address:Count")]
    [InlineData("--Kestrel=5", "Kestrel is a section")]
    [InlineData("--Kestrel:Limits=5", "Kestrel:Limits is a group of options")]
    [InlineData("--Kestrel:Limits:Http2=5", "Kestrel:Limits:Http2 is a group of options")]
    [InlineData("--Kestrel:Limits:MinResponseDataRate=240", "Kestrel:Limits:MinResponseDataRate:BytesPerSecond")]
    public void A_group_is_not_an_option_either(string argument, string said)
    {
        Assert.Contains(said, Assert.Single(Failures.Of(argument)), StringComparison.Ordinal);
    }

    // The framework throws at an argument that begins with one dash, so it is not passed on. But a value may begin with a dash too, and
    // previously the option after it was then taken for its value.
    [Fact]
    public async Task A_value_may_begin_with_a_dash()
    {
        await using WebApplication app = ChatServer.Build(["--Log:Kind=Memory", "--Log:Path", "-x.db", "--Chat:PollTimeout", "40s"]);
        Assert.Equal(("-x.db", "40s"), (app.Configuration["Log:Path"], app.Configuration["Chat:PollTimeout"]));
        Assert.Contains("'-v' is no option", Assert.Single(Failures.Of("--Log:Path", "/var/x.db", "-v")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_the_framework_reads_are_accepted()
    {
        await using WebApplication app = ChatServer.Build(
            [
                "--urls", "http://127.0.0.1:0", "/AllowedHosts=chat.example", "Chat:PollTimeout=40s", "--Logging:LogLevel:Default=Debug",
                "--Kestrel:AddServerHeader=true", "--environment=Staging", "--Kestrel:Endpoints:One:Url=http://127.0.0.1:0",
                "--Kestrel:Limits:MinRequestBodyDataRate=", "--OTEL_SERVICE_NAME=chat", "",
            ]);
        Assert.Equal("Staging", app.Environment.EnvironmentName);
    }

    // Variables have no prefix, and a machine has many. The server refuses only those that look like its own.
    [Fact]
    public async Task Unknown_environment_variables_are_refused_only_if_they_look_like_ours()
    {
        Ran ran = await ServerProgram.RunAsync(
            [
                ("Chta__PollTimeout", "30s"), ("LIMIT__ENABLED", "false"), ("Chat__PolTimeout", "30s"),
                ("SERILOG__LEVEL", "x"), ("LOG", "x"), ("CHAT", "x"), ("CHATS", "x"), ("LOG_PATH", "x"), ("PollTimeout", "x"),
                ("PGUSER", "x"), ("verbose", "1"),
            ],
            "--check-config");
        Assert.Equal(1, ran.Code);
        Assert.Equal(3, ran.Errors.Length);
        Assert.Contains("Chta__PollTimeout). Did you mean Chat:PollTimeout?", ran.Error, StringComparison.Ordinal);
        Assert.Contains("LIMIT__ENABLED). Did you mean Limits:Enabled?", ran.Error, StringComparison.Ordinal);
        Assert.Contains("Chat:PolTimeout. Did you mean Chat:PollTimeout?", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{ "Chta": { "PollTimeout": "00:00:30" } }""", "There is no section Chta (Chta:PollTimeout). Did you mean Chat:PollTimeout?")]
    [InlineData("""{ "PollTimeout": "00:00:30" }""", "There is no option PollTimeout. Did you mean Chat:PollTimeout?")]
    public void Unknown_keys_in_a_file_are_refused(string json, string said)
    {
        Assert.Equal(said, Assert.Single(
            Failures.Of(builder => builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))))));
    }

    [Fact]
    public async Task A_file_may_have_sections_of_other_programs()
    {
        await using WebApplication app = ChatServer.Build(
            [],
            builder => builder.Configuration.AddJsonStream(
                new MemoryStream("""{ "Serilog": { "Level": "x" }, "Comment": "x" }"""u8.ToArray())));
        Assert.NotNull(app);
    }

    // Previously, the framework threw, with a stack trace.
    [Theory]
    [InlineData("Logging:LogLevel:Default=Inform", "Information")]
    [InlineData("Logging:Console:LogLevel:Microsoft=warn", "Warning")]
    public void An_unknown_log_level_is_named(string option, string nearest)
    {
        string failure = Assert.Single(Failures.Of("--" + option));
        Assert.StartsWith(option.Split('=')[0] + ": ", failure, StringComparison.Ordinal);
        Assert.EndsWith($"Did you mean {nearest}?", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_stray_settings_are_reported_at_once()
    {
        string all = string.Join('\n', Failures.Of(
            "--verbose", "--Chta:PollTimeout=3s", "--Chat:PolTimeout=3s", "--Chat:IdleLimit=30", "--Chat:MaxNickLength=0",
            "--Kestrel:Limits:MaxRequestLineSize=-1", "--Log:Kind=Memory",
            "--Log:MustExist=true", "--Logging:LogLevel:Default=loud", "--OTEL_EXPORTER_OTLP_ENDPOINT=collector", "--Metrics:Url=x",
            "word"));
        foreach (string named in new[]
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT", "Metrics:Url", "--verbose", "Chta", "PolTimeout", "'30'", "MaxNickLength", "MaxRequestLineSize",
            "MustExist", "'loud'", "'word'",
        })
            Assert.Contains(named, all, StringComparison.Ordinal);
    }
}
