using Microsoft.AspNetCore.Builder;

namespace ErlChat.Web.Tests.Starting;

/// <summary>Options that contradict each other make the start fail. Combinations that only look contradictory do not.</summary>
public class ContradictionTests
{
    [Theory]
    [InlineData("Log:KeepFor", "--Log:Kind=Memory", "--Log:KeepFor=30d")]
    [InlineData("Log:KeepEntries", "--Log:Kind=Memory", "--Log:KeepEntries=1000")]
    [InlineData("Log:MustExist", "--Log:Kind=Memory", "--Log:MustExist=true")]
    [InlineData("Log:AcceptLostState", "--Log:Kind=memory", "--Log:AcceptLostState=true")]
    [InlineData("Log:SnapshotEvery only has an effect with Log:Kind=Sqlite or", "--Log:Kind=Memory", "--Log:SnapshotEvery=5000")]
    [InlineData("Log:AnswerTimeout only has an effect with Log:Kind=Postgres.", "--Log:AnswerTimeout=5s")]
    [InlineData("Log:RefuseAfter", "--Log:RefuseAfter=nonsense")]
    [InlineData("Log:MaxWaitingEntries", "--Log:Kind=Memory", "--Log:MaxWaitingEntries=5")]
    [InlineData("Log:MustExist only has an effect with Log:Kind=Sqlite.", "--Log:Kind=Postgres", "--Log:MustExist=true")]
    [InlineData("Log:BackupFolder", "--Log:Kind=Postgres", "--Log:BackupFolder=elsewhere")]
    [InlineData("Log:KeepBackups", "--Log:Kind=Postgres", "--Log:KeepBackups=2")]
    [InlineData("Log:CopyBeforeUpgrade", "--Log:Kind=Postgres", "--Log:CopyBeforeUpgrade=false")]
    [InlineData("Chat:Hsts", "--Chat:Hsts=true", "--urls=http://*:8000", "--Chat:PublicUrl=http://chat.example")]
    [InlineData("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "--ForwardedHeaders_Enabled=true")]
    [InlineData("Chat:StopTimeout", "--shutdownTimeoutSeconds=60")]
    [InlineData(
        "not both",
        "--Chat:AdminPassword=demopass",
        "--Chat:AdminPasswordHash=AQAAAAIAAzRQAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Contradictory_options_are_named(string named, params string[] args)
    {
        Assert.Contains(Failures.Of(args), failure => failure.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Log:Kind=Memory", "--Log:Path=x.db", "--Log:MustExist=false", "--Log:KeepFor=", "--Log:KeepBackups=7")]
    [InlineData("--Log:AnswerTimeout=4s", "--Log:KeepFor=30d", "--Log:MustExist=true")]
    [InlineData("--Chat:PublicUrl=https://chat.example", "--AllowedHosts=chat.lan")]
    [InlineData("--Chat:Hsts=true", "--urls=http://*:8000;https://*:8443")]
    [InlineData("--Chat:Hsts=true", "--https_ports=8443")]
    [InlineData("--Chat:Hsts=true", "--Kestrel:Endpoints:Safe:Url=https://*:8443")]
    [InlineData("--Chat:Hsts=true", "--Chat:PublicUrl=https://chat.example")]
    [InlineData("--Chat:Hsts=true", "--Chat:TrustedProxies=10.0.0.1")]
    public async Task Compatible_options_are_accepted(params string[] args)
    {
        await using WebApplication app = ChatServer.Build(args);
        Assert.NotNull(app);
    }
}
