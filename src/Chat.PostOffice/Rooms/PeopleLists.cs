using System.Buffers;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>
/// Lists of the users who are online in rooms, most recently active first. Members are only copied under the state's lock. One thread at a
/// time sorts them outside it, and all callers that ask meanwhile share the next list. So ten thousand simultaneous callers cost a few
/// sorts, and the thread that follows the log waits for none of them.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="state">The state.</param>
internal sealed class PeopleLists(GuardedState state)
{
    /// <summary>How many rooms' latest lists are kept, for callers that ask before anything has changed.</summary>
    private const int Kept = 16;

    private readonly Lock _own = new();
    private readonly Dictionary<string, PeopleListed> _last = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TaskCompletionSource<PeopleListed?>> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _turns = new();
    private bool _isWorking;

    /// <summary>The list as of now or later; null if there is no such room.</summary>
    internal Task<PeopleListed?> GetAsync(string room)
    {
        long now;
        lock (state.Gate)
            now = state.Now.Sequence;
        TaskCompletionSource<PeopleListed?>? list;
        lock (_own)
        {
            if (_last.TryGetValue(room, out PeopleListed? last) && last.Sequence >= now)
                return Task.FromResult<PeopleListed?>(last);
            if (!_asked.TryGetValue(room, out list))
            {
                _asked.Add(room, list = new TaskCompletionSource<PeopleListed?>(TaskCreationOptions.RunContinuationsAsynchronously));
                _turns.Enqueue(room);
            }

            if (_isWorking)
                return list.Task;
            _isWorking = true;
        }

        // The first caller builds its list itself. Callers that ask meanwhile are served by the thread pool.
        Work();
        return list.Task;
    }

    private void Work()
    {
        string room;
        TaskCompletionSource<PeopleListed?>? list;
        lock (_own)
        {
            room = _turns.Dequeue();
            _asked.Remove(room, out list);
        }

        try
        {
            list!.SetResult(Make(room));
        }
        catch (Exception e)
        {
            // The callers get the exception. The next list is not affected.
            list!.SetException(e);
        }

        lock (_own)
        {
            if (_turns.Count == 0)
            {
                _isWorking = false;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static lists => lists.Work(), this, preferLocal: false);
    }

    private PeopleListed? Make(string room)
    {
        (long Active, Person Who)[]? members = null;
        HashSet<string> away = [];
        try
        {
            int count = 0;
            long sequence;
            lock (state.Gate)
            {
                ChatState now = state.Now;
                sequence = now.Sequence;
                if (!now.Rooms.TryGetValue(room, out Room? found))
                    return null;
                members = ArrayPool<(long, Person)>.Shared.Rent(found.Online);
                foreach (Membership member in found.InOrder)
                {
                    if (!member.Person.IsOnline)
                        continue;
                    members[count++] = (-member.Person.LastActive, member.Person.Who);
                    if (member.Person.IsAway)
                        away.Add(member.Person.Who.Nick);
                }
            }

            // Each entry makes one session active, so no two are equal.
            members.AsSpan(0, count).Sort(static (one, other) => one.Active.CompareTo(other.Active));
            var people = new Person[count];
            for (int i = 0; i < count; i++)
                people[i] = members[i].Who;
            var made = new PeopleListed(sequence, people) { Away = away };
            Keep(room, made);
            return made;
        }
        finally
        {
            if (members is not null)
                ArrayPool<(long, Person)>.Shared.Return(members, clearArray: true);
        }
    }

    private void Keep(string room, PeopleListed list)
    {
        lock (_own)
        {
            if (_last.Count >= Kept && !_last.ContainsKey(room))
                _last.Clear();
            _last[room] = list;
        }
    }
}
