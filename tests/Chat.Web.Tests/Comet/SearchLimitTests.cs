using System.Globalization;

namespace ErlChat.Web.Tests.Comet;

/// <summary>A search that is limited to a room, an author and a time, over HTTP, in memory and in a database.</summary>
public sealed class SearchLimitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-search-");

    [Theory]
    [InlineData("Memory")]
    [InlineData("Sqlite")]
    public async Task A_search_finds_what_one_person_wrote_before_a_time(string log)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
        [
            .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
            .. ChatServerHost.NoLimits,
        ]);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        foreach (CometClient client in new[] { amy, bob })
            Assert.True((await client.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        await amy.SendAsync("apple of amy");
        await bob.SendAsync("apple of bob");
        await bob.SendAsync("apple of bob in the den", "den");
        await bob.SendAsync("apple of bob in private", to: "amy");
        await ExpectAsync("nick=BOB", "apple of bob", "apple of bob in the den", "apple of bob in private");
        await ExpectAsync("nick=bob&room=den", "apple of bob in the den");
        await ExpectAsync("nick=amy&room=den");
        await ExpectAsync("nick=nobody");
        await ExpectAsync("nick=&until=", "apple of amy", "apple of bob", "apple of bob in the den", "apple of bob in private");

        // The times of the messages themselves, in each form that they may have.
        CometAnswer all = await amy.GetAsync("/chat/search/?q=apple");
        DateTimeOffset second = DateTimeOffset.Parse(
            all.Items![1].Json.GetProperty("at").GetString()!, CultureInfo.InvariantCulture);
        foreach (DateTimeOffset year in new[] { second.AddYears(1), second.AddYears(-1) })
        {
            string[] expected = year > second ? ["apple of bob", "apple of bob in the den", "apple of bob in private"] : [];
            foreach (string form in new[] { "", "THH:mm:ssZ", "THH:mm:ss.fffZ", "THH:mm:ss'%2B02:00'" })
                await ExpectAsync("nick=bob&until=" + year.ToString("yyyy-MM-dd" + form, CultureInfo.InvariantCulture), expected);
        }

        string exactly = all.Items[0].Json.GetProperty("at").GetString()!;
        await ExpectAsync($"nick=amy&until={exactly}");

        async Task ExpectAsync(string query, params string[] texts)
        {
            CometAnswer found = await amy.GetAsync("/chat/search/?q=apple&" + query);
            Assert.True(found.IsOk, found.Body);
            Assert.Equal(texts, found.Items!.Select(item => item.Kind == "whisper"
                ? item.Json.GetProperty("data").GetProperty("msg").GetString()!
                : item.Text));
        }
    }

    [Theory]
    [InlineData("until=yesterday")]
    [InlineData("until=2026-13-01")]
    [InlineData("until=2026-11-20T07:28:41")]
    [InlineData("until=20.11.2026")]
    [InlineData("until=1764000000")]
    [InlineData("until=0001-01-01T00:00:00%2B10:00")]
    [InlineData("nick=NICK")]
    public async Task A_limit_that_makes_no_sense_is_refused(string query)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        CometAnswer answer = await amy.GetAsync(
            "/chat/search/?q=apple&" + query.Replace("NICK", new string('x', 129), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("bad_request", answer.Error);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
