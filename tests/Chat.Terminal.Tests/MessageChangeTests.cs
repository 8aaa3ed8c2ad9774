using System.Text.Json;
using ErlChat.Client;
using ErlChat.Client.Tests;
using ErlChat.Terminal.Chatting;

namespace ErlChat.Terminal.Tests;

public class MessageChangeTests
{
    [Fact]
    public async Task A_script_corrects_and_deletes_what_it_wrote_last()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran ran = await RunAsync(server, "one\ntwo\n/delete\n/edit ONE\n");
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));

        // The text of a message that was deleted before it was read is not delivered.
        Assert.Contains("script: one", ran.Lines);
        Assert.Equal(["* script deleted a message *", "* script corrected a message: ONE"], ran.Lines[^2..]);

        Ran history = await Programs.RunTerminalAsync("", "history", "--server", server.Address.ToString(), "--nick", "reader");
        Assert.EndsWith(" (edited) script: ONE", history.Lines[^2], StringComparison.Ordinal);
        Assert.EndsWith(" * message of script deleted *", history.Lines[^1], StringComparison.Ordinal);
    }

    // Previously, a script's /edit after a /delete could be for the message that it had just deleted, if the mail with that was read only
    // then.
    [Fact]
    public void A_deleted_message_is_not_the_last_one_again_when_its_mail_comes()
    {
        var own = new OwnMessages();
        own.Note(1);
        own.Note(2);
        own.Forget(2);
        own.Note(new Said(2, default, "lobby", "script", "two", Own: true, Action: false));
        Assert.Equal(1, own.Last);
    }

    [Fact]
    public async Task Json_has_the_ids_with_which_a_moderator_deletes()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:AdminPassword=demopass");
        await using ChatClient bob = await ChatClient.LoginAsync(server.Address, "bob").WithinAsync();
        long said = (await bob.SayAsync("spam").WithinAsync())!.Value;
        Ran ran = await RunAsync(server, $"/auth demopass\n/delete {said}\n/delete {said + 1000}\n", "--json");
        Assert.Equal(1, ran.ExitCode);
        JsonElement[] events = [.. ran.Lines.Select(line => JsonElement.Parse(line))];
        JsonElement removed = Assert.Single(events, one => NameOf(one) == "message_removed");
        Assert.Equal((said, "bob"), (removed.GetProperty("message_id").GetInt64(), removed.GetProperty("nick").GetString()));
        Assert.True(removed.GetProperty("by_moderator").GetBoolean());
        Assert.Equal("no_such_message", Assert.Single(events, one => NameOf(one) == "problem").GetProperty("word").GetString());
    }

    [Fact]
    public async Task A_script_reacts_to_the_newest_message_of_the_room_and_to_one_with_an_id()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient bob = await ChatClient.LoginAsync(server.Address, "bob").WithinAsync();
        long said = (await bob.SayAsync("words").WithinAsync())!.Value;
        Ran ran = await RunAsync(server, $"mine\n/react 👍\n/react {said} 🙂\n/unreact {said} 🙂\n/react {said} 🚀\n");
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        Assert.Equal(["* script reacted: 👍 *", "* script reacted: 🙂 *", "* script reacted: 🚀 *"], ran.Lines[^3..]);
        Assert.Equal(
            ["🚀", "👍"],
            (await bob.HistoryAsync().WithinAsync()).OfType<ErlChat.Client.Said>().Select(one => Assert.Single(one.Reactions!.All).Emoji));
    }

    [Theory]
    [InlineData("/react 👍", "! No message was shown here yet.")]
    [InlineData("/react", "! Usage: /react <emoji>, or /react <id of a message> <emoji>")]
    [InlineData("/unreact it 👍", "! Usage: /unreact <emoji>, or /unreact <id of a message> <emoji>")]
    [InlineData("/react 999999 👍", "! There is no such message that you may change.")]
    [InlineData("/react 999999 +1", "! That is not one emoji.")]
    [InlineData("/edit hello", "! You have written no message here that could be changed.")]
    [InlineData("/delete", "! You have written no message here that could be changed.")]
    [InlineData("/edit", "! Usage: /edit <new text>; it corrects your last message.")]
    [InlineData("/delete it", "! Usage: /delete, or /delete <id of a message>")]
    [InlineData("/delete 999999", "! There is no such message that you may change.")]
    public async Task A_command_without_a_message_says_so(string line, string problem)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran ran = await RunAsync(server, line + "\n");
        Assert.Equal((1, problem), (ran.ExitCode, ran.Lines[^1]));
    }

    private static Task<Ran> RunAsync(RunningServer server, string input, params string[] more) =>
        Programs.RunTerminalAsync(input, ["chat", "--server", server.Address.ToString(), "--nick", "script", .. more]);

    private static string? NameOf(JsonElement one) => one.GetProperty("event").GetString();
}
