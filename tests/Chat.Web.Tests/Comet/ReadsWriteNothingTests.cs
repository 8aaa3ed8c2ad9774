using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Comet;

/// <summary>
/// A GET appends nothing to the log. Previously, a loop over start wrote 8 000 entries per second, which would eventually fill the disk.
/// </summary>
public class ReadsWriteNothingTests
{
    [Fact]
    public async Task No_GET_route_except_leave_changes_the_log()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [ChatServerHost.AdminPassword, "Chat:PollTimeout=00:00:00.050", "Chat:PollJitter=00:00:00"]);
        CometClient alice = await server.LoginAdminAsync("alice");
        CometClient tab = alice.Tab();
        string[] paths = [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("GET"))
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => (path.StartsWith("/chat/", StringComparison.Ordinal) || path.StartsWith("/admin", StringComparison.Ordinal))
                && path != "/chat/leave")];
        Assert.Superset(
            new HashSet<string>
            {
                "/chat/start", "/chat/online", "/chat/wait", "/chat/me", "/chat/rooms", "/chat/history", "/chat/search",
                "/chat/commands", "/chat/bans", "/chat/changes", "/chat/edits",
            },
            paths.ToHashSet());
        foreach (string path in paths)
        {
            // Entries by other users in between used to make a start or a list write an entry.
            await server.LoginAsync("passing" + path.Length + path[^1]);
            long head = server.Office.Head;
            foreach (string query in (string[])["", "?room=lobby&q=word&msg_id=" + alice.Cursor, "?room=lobby&joins=all&with=alice"])
            {
                await alice.GetAsync(path + query);
                await tab.GetAsync(path + query);
                await alice.GetAsync(path + query);
            }

            Assert.Equal(head, server.Office.Head);
        }
    }

    [Fact]
    public async Task Endless_starts_and_lists_write_nothing_and_stay_readable()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("hi");
        CometClient bob = await server.LoginAsync("bob");
        long head = server.Office.Head;
        for (int i = 0; i < 200; i++)
        {
            await bob.StartAsync();
            await bob.OnlineAsync();
        }

        Assert.Equal(head, server.Office.Head);
        await alice.SendAsync("ho");
        Assert.Equal(["chat_msg alice ho"], (await bob.ReadAsync()).Select(item => item.ToString()));
    }

    // If a tab may already be at this position, start returns a different number for it. Later items keep their numbers and are
    // acknowledged as usual.
    [Fact]
    public async Task A_start_at_another_tabs_position_gets_a_number_that_no_tab_reaches_by_reading()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        for (int i = 0; i < 20; i++)
            await server.LoginAsync($"early{i}");
        CometClient first = await server.LoginAsync("alice");
        CometClient second = first.Tab();
        await second.StartAsync();
        Assert.InRange(second.Cursor, 2, first.Cursor - 1);
        await second.OnlineAsync();
        CometAnswer answer = await second.GetAsync("/chat/start/?joins=all");
        Assert.Equal(first.Cursor, answer.Response.GetInt64());
        CometClient bob = await server.LoginAsync("bob");
        await bob.SendAsync("hi");
        string stood = $"?msg_id={second.Cursor}";
        CometAnswer read = await second.WaitAsync();
        Assert.Equal(["user_joined_room bob", "chat_msg bob hi"], read.Items!.Select(item => item.ToString()));
        Assert.Equal(read.Body, (await second.WaitAsync(stood)).Body);
        Assert.Equal(read.Body, (await first.WaitAsync()).Body);
    }

    [Fact]
    public async Task A_number_that_has_been_forgotten_gets_a_resync()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxWaitsPerSession=1");
        for (int i = 0; i < 30; i++)
            await server.LoginAsync($"early{i}");
        CometClient alice = await server.LoginAsync("alice");
        await alice.StartAsync();
        string first = $"?msg_id={alice.Cursor}";
        for (int i = 0; i < 2; i++)
            await alice.StartAsync();
        await alice.SendAsync("hi");
        Assert.Equal("resync", (await alice.WaitAsync(first)).Error);
        Assert.Single((await alice.ReadAsync()));
    }
}
