using System.Collections.Concurrent;
using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>
/// A user who chats until told to stop: says things, edits and deletes own messages, and reacts to those of all. What gets no answer is
/// repeated with the same key until it is answered.
/// </summary>
internal sealed class ChangeablePerson(int number, Browser browser, Random random)
{
    /// <summary>How many of the newest messages are edited, deleted or reacted to.</summary>
    private const int Newest = 30;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);
    private static readonly string[] s_emojis = ["👍", "🎉", "🙂"];

    internal Browser Browser { get; } = browser;

    /// <summary>The texts of the acknowledged messages, as they were at first.</summary>
    internal ConcurrentQueue<string> Said { get; } = new();

    /// <summary>The own messages, as they are by now: null if deleted. Complete when the user has stopped.</summary>
    internal Dictionary<long, string?> Own { get; } = [];

    /// <summary>The reactions that this user has left, also to messages that were deleted.</summary>
    internal HashSet<(long Id, string Emoji)> Reactions { get; } = [];

    /// <summary>How many changes were acknowledged.</summary>
    internal int Changes { get; private set; }

    /// <summary>What this user's client shows. Only when the user no longer reads.</summary>
    internal Transcript Seen { get; } = new();

    /// <summary>The messages that came, in their order.</summary>
    internal long[] Ids
    {
        get
        {
            lock (Seen)
                return [.. Seen.Ids];
        }
    }

    internal async Task TalkAsync(CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            await (random.Next(10) switch
            {
                0 => DeleteAsync(),
                1 or 2 => EditAsync(i),
                3 or 4 => ReactAsync(i),
                _ => SayAsync(),
            });
            await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
        }
    }

    internal async Task ReadAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                List<JsonElement> items = await Browser.PollItemsAsync(stop);
                lock (Seen)
                    items.ForEach(Seen.Apply);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The end of the test.
            }
        }
    }

    private async Task SayAsync()
    {
        string text = $"{number}: message {Said.Count}";
        JsonElement answer = await DoAsync(() => Browser.SayAsync(text));
        Own.Add(answer.GetProperty("id").GetInt64(), text);
        Said.Enqueue(text);
    }

    private async Task EditAsync(int attempt)
    {
        if (ChooseOwn() is not { } id)
            return;
        string text = $"{number}: edit {attempt}";
        await DoAsync(() => Browser.EditAsync(id, text));
        Own[id] = text;
        Changes++;
    }

    private async Task DeleteAsync()
    {
        if (ChooseOwn() is not { } id)
            return;
        await DoAsync(() => Browser.DeleteAsync(id));
        Own[id] = null;
        Changes++;
    }

    private async Task ReactAsync(int attempt)
    {
        long[] newest = [.. Ids.TakeLast(Newest)];
        if (newest.Length == 0)
            return;
        (long Id, string Emoji) one = (newest[random.Next(newest.Length)], s_emojis[random.Next(s_emojis.Length)]);
        bool isOn = !Reactions.Contains(one);

        // Refused if the message was deleted.
        JsonElement answer = await DoAsync(() => Browser.ReactAsync(one.Id, one.Emoji, isOn, $"react {attempt}"), "no_such_message");
        if (answer.GetProperty("status").GetString() != "ok")
            return;
        Changes++;
        if (isOn)
            Reactions.Add(one);
        else
            Reactions.Remove(one);
    }

    /// <summary>One of the newest own messages that were not deleted; null if there is none.</summary>
    private long? ChooseOwn()
    {
        long[] there = [.. Own.Where(one => one.Value is not null).Select(one => one.Key).Order().TakeLast(Newest)];
        return there.Length == 0 ? null : there[random.Next(there.Length)];
    }

    /// <summary>Repeats a command until it is answered. Fails if it is refused for another reason than the expected one.</summary>
    private static async Task<JsonElement> DoAsync(Func<Task<JsonElement>> command, string? expected = null)
    {
        while (true)
        {
            try
            {
                JsonElement answer = await command();
                string? error = answer.GetProperty("status").GetString() == "ok" ? null : answer.GetProperty("response").GetString();
                if (error is null || error == expected)
                    return answer;
                Assert.Contains(error, (string[])["unavailable", "stopping"]);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The server was killed.
            }

            await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
