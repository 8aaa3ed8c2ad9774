using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>Where the program displays things. Thread-safe.</summary>
internal interface ITerminalOutput
{
    /// <summary>Reports what the program is doing. Scripts do not need this.</summary>
    void Status(string text);

    void Show(ChatEvent happened);

    void Users(RoomSnapshot room);

    void Rooms(IReadOnlyList<RoomInfo> rooms);

    /// <summary>Shows the messages that are pinned to a room.</summary>
    void Pins(IReadOnlyList<RoomEvent> messages);

    void Devices(IReadOnlyList<Device> devices);

    /// <summary>Shows private messages that came while the user was away, oldest first.</summary>
    void Missed(IReadOnlyList<Whispered> messages);

    /// <summary>Reports a failure: a word for scripts and a sentence for users.</summary>
    void Problem(string word, string text);
}
