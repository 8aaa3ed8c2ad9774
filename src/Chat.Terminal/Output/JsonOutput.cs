using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>Writes one JSON object per line, for scripts.</summary>
/// <param name="write">Writes whole lines.</param>
internal sealed class JsonOutput(Action<IReadOnlyList<string>> write) : ITerminalOutput
{
    public void Status(string text)
    {
    }

    public void Show(ChatEvent happened) => write([EventJson.Of(happened)]);

    public void Users(RoomSnapshot room) => write([EventJson.Of("users", room)]);

    public void Rooms(IReadOnlyList<RoomInfo> rooms) => write([EventJson.Of("rooms", new { Rooms = rooms })]);

    public void Pins(IReadOnlyList<RoomEvent> messages) => write([EventJson.Of("pins", new { Messages = messages })]);

    public void Devices(IReadOnlyList<Device> devices) => write([EventJson.Of("devices", new { Devices = devices })]);

    public void Missed(IReadOnlyList<Whispered> messages) =>
        write([EventJson.Of("missed", new { messages.Count, Messages = messages.ToArray<RoomEvent>() })]);

    public void Problem(string word, string text) => write([EventJson.Of("problem", new { Word = word, Text = text })]);
}
