namespace ErlChat.Web.Tests;

/// <summary>
/// The original browser client, as far as it can be broken. It calls start, then online, then polls with the highest id + 1 (docs/comet.md,
/// clause 17). It dies of the leave of a user whom it does not list, as the original does inside prototype's callback. Listing a user twice
/// is an error.
/// </summary>
internal sealed class OriginalClient(CometClient client, Func<Task> pause)
{
    private readonly List<string> _users = [];
    private readonly List<string> _history = [];
    private long _msgId;
    private string? _death;

    internal string Nick => client.Nick;

    /// <summary>The users it lists.</summary>
    internal IReadOnlyList<string> Users => _users;

    /// <summary>The messages that it was shown, in order.</summary>
    internal List<string> Words { get; } = [];

    /// <summary>When it first listed a user twice. Null if it never did.</summary>
    internal string? Twice { get; private set; }

    /// <summary>What killed it. Null while it is alive.</summary>
    internal string? Death => _death is null ? null : $"{_death} ({string.Join(", ", _history.Take(8))})";

    internal async Task OpenAsync()
    {
        CometAnswer start = await client.GetAsync("/chat/start/");
        if (!Alive(start))
            return;
        _msgId = start.Response.GetInt64();
        _history.Add($"start {_msgId}");
        await pause();
        CometAnswer online = await client.GetAsync("/chat/online/");
        if (!Alive(online))
            return;
        _users.AddRange(online.Response.EnumerateArray().Select(one => one.GetString()!));
        _history.Add($"online as of {online.Id}");
        await pause();
        CheckUsers("online");
    }

    /// <summary>Polls until the message arrives, or the client dies.</summary>
    internal async Task PollUntilAsync(string last)
    {
        while (_death is null && !Words.Contains(last))
        {
            CometAnswer answer = await client.GetAsync($"/chat/wait/?msg_id={_msgId}");
            if (!Alive(answer) || answer.IsReconnect)
                continue;
            _history.Add($"polled {_msgId}");
            foreach (CometItemView item in answer.Items!)
                Show(item);
            await pause();
        }
    }

    private void Show(CometItemView item)
    {
        if (item.Id < _msgId)
            _death ??= $"{item.Id} came after {_msgId - 1}: {item}";
        _msgId = item.Id + 1;
        switch (item.Type)
        {
            case "user_joined_room":
                _users.Add(item.Nick!);
                CheckUsers($"{item.Id} {item}");
                break;
            case "user_left_room":
                if (_users.RemoveAll(nick => nick == item.Nick) == 0)
                    _death ??= $"{Nick} lists {string.Join(' ', _users)} and got {item.Id} {item}";
                break;
            case "chat_msg" or "sent_chat_msg":
                Words.Add(item.Text);
                break;
        }
    }

    private bool Alive(CometAnswer answer)
    {
        if (!answer.IsOk)
            _death ??= $"{Nick} got {answer.Body}";
        return _death is null;
    }

    private void CheckUsers(string after)
    {
        if (_users.Distinct().Count() != _users.Count)
            Twice ??= $"{Nick} lists {string.Join(' ', _users)} after {after} ({string.Join(", ", _history.Take(8))})";
    }
}
