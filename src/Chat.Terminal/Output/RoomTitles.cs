using System.Collections.Concurrent;
using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>What people call the rooms that were renamed, from the lists and the later events. Thread-safe.</summary>
internal sealed class RoomTitles
{
    private readonly ConcurrentDictionary<string, string> _titles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What people call a room. The lobby is shown without a name, and is the same under any.</summary>
    internal string Of(string room) => IsLobby(room) ? room : _titles.GetValueOrDefault(room, room);

    /// <summary>Records the title of a room; null for its address.</summary>
    internal void Set(string room, string? title)
    {
        if (title is null)
            _titles.TryRemove(room, out _);
        else
            _titles[room] = title;
    }

    /// <summary>Takes over the titles of a session that begins. Those from before may be out of date.</summary>
    internal void Begin(IReadOnlyDictionary<string, string> titles)
    {
        _titles.Clear();
        foreach ((string room, string title) in titles)
            _titles[room] = title;
    }

    internal void Apply(ChatEvent happened)
    {
        switch (happened)
        {
            case RoomEntered entered:
                Set(entered.Room, entered.Title);
                break;
            case RoomRenamed renamed:
                Set(renamed.Room, renamed.Title);
                break;
            case Resynced anew:
                foreach (RoomSnapshot room in anew.Rooms)
                    Set(room.Room, room.Title);
                break;
        }
    }

    /// <summary>The event with the titles of its rooms, for users. Of a change of the title, the address stays.</summary>
    internal ChatEvent Shown(ChatEvent happened) => happened switch
    {
        Resynced anew => anew with
        {
            Rooms = [.. anew.Rooms.Select(room => room with { Room = Of(room.Room) })],
            Missed = [.. anew.Missed.Select(Shown)],
        },
        RoomEvent one => Shown(one),
        _ => happened,
    };

    private RoomEvent Shown(RoomEvent happened) => happened switch
    {
        Said said => said with { Room = Of(said.Room) },
        UserJoined joined => joined with { Room = Of(joined.Room) },
        UserLeft left => left with { Rooms = [.. left.Rooms.Select(Of)] },
        TopicChanged topic => topic with { Room = Of(topic.Room) },
        RoomEntered entered => entered with { Room = Of(entered.Room) },
        RoomParted parted => parted with { Room = Of(parted.Room) },
        _ => happened,
    };

    private static bool IsLobby(string room) => string.Equals(room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase);
}
