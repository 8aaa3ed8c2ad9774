using System.CommandLine;
using System.CommandLine.Parsing;
using ErlChat.Protocol.Flack;
using ErlChat.Terminal.Flack;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>flack</c>: the reference client of the original flack, with its defaults.</summary>
internal static class FlackVerb
{
    internal static Command Create()
    {
        var url = new Option<Uri>("--url")
        {
            Description = "the flack server",
            DefaultValueFactory = _ => new Uri("ws://localhost:8000/chat-server"),
            CustomParser = ParseUrl,
        };
        var name = new Option<string>("--name") { Description = "the user name", DefaultValueFactory = _ => "hoser" };
        var chat = new Option<string>("--chat") { Description = "the chat to join", DefaultValueFactory = _ => "foobar" };
        var message = new Option<string>("--message") { Description = "what to say", DefaultValueFactory = _ => "I like cats" };
        Option<int> count = NumberOption.Create("--count", "how many times to send the message", fallback: 100, least: 0, most: 1_000_000);

        // At most 50 s between two messages: after 60 s of silence the server takes the client for gone.
        Option<double> delay = NumberOption.Create("--delay", "seconds between two messages", fallback: 1.0, least: 0, most: 50);
        var json = new Option<bool>("--json") { Description = "print the records as they arrive" };
        var verb = new Command("flack", "send a message to a flack chat a number of times, and print what "
            + "arrives") { url, name, chat, message, count, delay, json };
        verb.SetAction((parsed, cancellationToken) =>
        {
            var plan = new FlackPlan(
                parsed.GetValue(url)!,
                parsed.GetValue(name)!,
                parsed.GetValue(chat)!,
                parsed.GetValue(message)!,
                parsed.GetValue(count),
                TimeSpan.FromSeconds(parsed.GetValue(delay)));
            return RunAsync(plan, parsed.GetValue(json), cancellationToken);
        });
        return verb;
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is "ws" or "wss")
            return url;
        result.AddError("--url is ws://HOST:PORT/chat-server, or wss://.");
        return null;
    }

    private static async Task<int> RunAsync(FlackPlan plan, bool json, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var output = new GuardedWriter(GuardedWriter.OpenStandard(), () => _ = end.CancelAsync());
        var text = new FlackText();
        int code = await new FlackRun(plan, Print, Console.Error, TimeProvider.System).RunAsync(end.Token);
        if (!output.IsLost)
            return code;
        await Console.Error.WriteLineAsync("The output was closed.");
        return ExitCodes.Failed;

        void Print(string raw, FlackRecord record) => output.Write((json ? raw : text.LineOf(record)) + "\n");
    }
}
