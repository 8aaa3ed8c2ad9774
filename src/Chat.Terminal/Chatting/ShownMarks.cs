using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>
/// Up to where a member has been shown each conversation. When the member types a line, the other devices are told, because whoever types
/// has read what is on the screen.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ShownMarks(TimeProvider time)
{
    /// <summary>A mark costs as much as a message.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    /// <summary>How many marks are sent at once. The others follow with the next line.</summary>
    private const int MaxAtOnce = 5;

    /// <summary>How many conversations wait for that. Anyone can begin one, so there must be a limit.</summary>
    private const int MaxWaiting = 200;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<(string? Room, string? WithId), long> _shown = [];
    private long _sent = long.MinValue;

    internal void Note(RoomEvent shown)
    {
        (string? Room, string? WithId) where = shown switch
        {
            Said said => (said.Room, null),
            Whispered whisper => (null, whisper.Own ? whisper.ToId : whisper.FromId),
            _ => default,
        };
        if (where == default)
            return;
        lock (_gate)
        {
            _shown[where] = shown.Id;
            if (_shown.Count > MaxWaiting)
                _shown.RemoveAt(0);
        }
    }

    /// <summary>Forgets what another device has read, which need not be told to it.</summary>
    internal void Note(ReadElsewhere read)
    {
        lock (_gate)
        {
            if (_shown.TryGetValue((read.Room, read.WithId), out long upTo) && upTo <= read.UpTo)
                _shown.Remove((read.Room, read.WithId));
        }
    }

    /// <summary>The marks to send now; none if the last ones were sent only a moment ago.</summary>
    internal IReadOnlyList<ReadMark> Take()
    {
        lock (_gate)
        {
            if (_shown.Count == 0 || (_sent != long.MinValue && time.GetElapsedTime(_sent) < s_pause))
                return [];
            _sent = time.GetTimestamp();
            var marks = new List<ReadMark>();
            while (_shown.Count > 0 && marks.Count < MaxAtOnce)
            {
                ((string? room, string? withId), long upTo) = _shown.GetAt(0);
                marks.Add(new ReadMark(room, withId, upTo));
                _shown.RemoveAt(0);
            }

            return marks;
        }
    }
}
