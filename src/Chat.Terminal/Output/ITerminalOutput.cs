using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>Where the program shows things. Safe to call from any thread.</summary>
internal interface ITerminalOutput
{
    /// <summary>What the program does; scripts have no use for it.</summary>
    void Status(string text);

    void Show(ChatEvent happened);

    void Users(RoomSnapshot room);

    void Rooms(IReadOnlyList<RoomInfo> rooms);

    /// <summary>Something did not work: a word for scripts, a sentence for people.</summary>
    void Problem(string word, string text);
}
