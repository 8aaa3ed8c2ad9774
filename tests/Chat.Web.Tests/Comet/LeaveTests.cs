using ErlChat.Log;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Comet;

public class LeaveTests
{
    // Regression: the answer was ok and the cookie was gone, so the user stayed visible until the idle limit and could not try again.
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_leave_that_the_log_refuses_is_refused_and_keeps_the_cookies(string method)
    {
        var log = new RefusingLog();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            null, builder => builder.Services.AddSingleton<IChatLog>(log), ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        log.Refuses = true;
        CometAnswer refused = await alice.RequestAsync(new HttpMethod(method), "/chat/leave/", null, []);
        Assert.Equal("{\"status\":\"error\",\"response\":\"unavailable\"}", refused.Body);
        Assert.False(refused.Headers.ContainsKey("Set-Cookie"));
        Assert.Contains("alice", await bob.OnlineAsync());

        log.Refuses = false;
        CometAnswer left = await alice.RequestAsync(new HttpMethod(method), "/chat/leave/", null, []);
        Assert.True(left.IsOk);
        Assert.Contains("chat_sess=;", left.Headers["Set-Cookie"], StringComparison.Ordinal);
        Assert.Equal(["bob"], await bob.OnlineAsync());
    }

    [Fact]
    public async Task A_leave_of_a_session_that_has_ended_is_ok_and_deletes_the_cookie()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.LeaveAsync()).IsOk);
        CometAnswer again = await alice.LeaveAsync();
        Assert.Equal("{\"status\":\"ok\",\"response\":\"\"}", again.Body);
        Assert.Contains("chat_sess=;", again.Headers["Set-Cookie"], StringComparison.Ordinal);
    }
}
