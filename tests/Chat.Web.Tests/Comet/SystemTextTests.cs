namespace ErlChat.Web.Tests.Comet;

/// <summary>System messages are plain text for newer clients and harmless HTML for old ones (docs/comet.md, clause 10).</summary>
public class SystemTextTests
{
    [Fact]
    public async Task Text_that_users_can_influence_is_escaped_for_clients_that_insert_HTML()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        await admin.SendAsync("/topic <img src=x onerror=alert(1)>");
        await admin.SendAsync("<b>not a word of the server</b>");
        await admin.SendAsync("<i>psst</i>", to: "bob");
        await admin.SendAsync("/admin kick bob \"<script>alert('x')</script>\"");
        IReadOnlyList<CometItemView> items = await bob.ReadAsync();
        Assert.Equal(4, items.Count);
        foreach (CometItemView item in items.Where(item => item.Type == "system_msg"))
        {
            Assert.DoesNotContain("<", item.Data.GetString()!, StringComparison.Ordinal);
            Assert.Contains("<", item.Text, StringComparison.Ordinal);
        }

        Assert.Equal(
            "You have been kicked from the chat room. Reason: &lt;script&gt;alert('x')&lt;/script&gt;", items[^1].Data.GetString());
        Assert.Equal("<b>not a word of the server</b>", items[1].Text);
    }

    [Fact]
    public async Task Tables_for_administrators_are_HTML_with_all_values_escaped()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1");
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = server.Stranger("bob");
        await bob.LoginAsync("bob", ("X-Forwarded-For", "203.0.113.7"));
        string info = await admin.AskAsync("/admin info bob");
        Assert.StartsWith("Nick: bob\nIP address: 203.0.113.7\nLast action: ", info, StringComparison.Ordinal);
        await admin.SendAsync("/admin ban bob \"<b>&\" 100");
        await admin.SendAsync("/admin bans");
        CometItemView bans = (await admin.ReadUntilAsync(item => item.Text.StartsWith("203.0.113.7", StringComparison.Ordinal)))[^1];
        Assert.Equal("203.0.113.7 (bob): <b>&. Time Remaining: 1 minutes, 40 seconds", bans.Text);
        string html = bans.Data.GetString()!;
        Assert.Contains("<table", html, StringComparison.Ordinal);
        Assert.Contains("203.0.113.7", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);

        await admin.SendAsync("/admin log");
        CometItemView log = (await admin.ReadUntilAsync(item => item.Text.EndsWith("Page 1 of 1", StringComparison.Ordinal)))[^1];
        Assert.Contains(" and the address, until ", log.Text, StringComparison.Ordinal);
        Assert.Contains(": <b>&\n", log.Text, StringComparison.Ordinal);
        html = log.Data.GetString()!;
        Assert.Contains("<table", html, StringComparison.Ordinal);
        Assert.Contains("<td>&lt;b&gt;&amp;</td>", html, StringComparison.Ordinal);
        Assert.Matches("<td>bob \\([0-9a-zA-Z_-]+\\) and the address</td>", html);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }
}
