using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>Writes lines for users.</summary>
/// <param name="write">Writes whole lines.</param>
/// <param name="titles">What people call the rooms.</param>
internal sealed class TextOutput(Action<IReadOnlyList<string>> write, RoomTitles titles) : ITerminalOutput
{
    /// <summary>The text of the last notice.</summary>
    private volatile string? _notice;

    public void Status(string text) => write([text]);

    public void Show(ChatEvent happened)
    {
        if (happened is Notice notice)
            _notice = notice.Text;

        // Whoever was not there when an administrator ended the session has not seen the notice.
        if (happened is SessionEnded { Explanation: { } told } && told != _notice)
            write(EventText.Of(new Notice(0, default, told)));
        if (EventText.Of(titles.Shown(happened)) is { Count: > 0 } lines)
            write(lines);
    }

    public void Users(RoomSnapshot room) => write(EventText.Users(titles.Of(room.Room), room.Users));

    public void Rooms(IReadOnlyList<RoomInfo> rooms) =>
        write([.. rooms.Select(static room =>
            $"* {SafeText.Of(room.Title is null ? room.Name : $"{room.Title} ({room.Name})")} ({room.Members})"
            + (room.Topic.Length > 0 ? " " + SafeText.Of(room.Topic) : ""))]);

    public void Pins(IReadOnlyList<RoomEvent> messages) => write(messages.Count == 0
        ? ["* Nothing is pinned here. *"]
        : [.. messages.SelectMany(message =>
            EventText.Of(message).Select((line, i) => i == 0 ? $"{EventText.Time(message.At)} {message.Id} {line}" : line))]);

    public void Devices(IReadOnlyList<Device> devices) =>
        write([.. devices.Select(device =>
            $"* {SafeText.Of(device.Id)}  since {EventText.Time(device.Since)}  from {SafeText.Of(device.Host)}  "
            + (device.IsThis ? "this device" : device.IsOnline ? "online" : "offline"))]);

    public void Missed(IReadOnlyList<Whispered> messages) => write(
    [
        $"* {messages.Count} message{(messages.Count == 1 ? "" : "s")} while you were away: *",
        .. messages.SelectMany(message =>
            EventText.Of(message).Select((line, i) => i == 0 ? $"{EventText.Time(message.At)} {line}" : line)),
    ]);

    public void Problem(string word, string text) => write([.. SafeText.Lines("! " + text)]);
}
