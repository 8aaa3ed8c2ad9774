using System.Buffers;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>
/// Lists of rooms' people, most recently active first. Under the fold's lock members are only copied; they are sorted outside it, by one
/// thread at a time, and all who ask meanwhile share the next list: ten thousand who ask at once cost a few sorts, and the log's thread
/// waits for none.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="state">The state.</param>
internal sealed class PeopleLists(GuardedState state)
{
    /// <summary>Rooms whose last list is kept, for others who ask before anything has happened.</summary>
    private const int Kept = 16;

    private readonly Lock _own = new();
    private readonly Dictionary<string, PeopleListed> _last = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TaskCompletionSource<PeopleListed?>> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _turns = new();
    private bool _isWorking;

    /// <summary>The list as of this moment or a later one; null when there is no such room.</summary>
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

        // The first to ask makes its list itself; those who ask meanwhile are served by a thread of the pool.
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
            // Whoever asked is told, and the next list is another matter.
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
                members = ArrayPool<(long, Person)>.Shared.Rent(found.Members.Count);
                foreach (Membership member in found.InOrder)
                    members[count++] = (-member.Session.LastActive, member.Session.Who);
            }

            // Each entry makes one session active, so no two are equal.
            members.AsSpan(0, count).Sort(static (one, other) => one.Active.CompareTo(other.Active));
            var people = new Person[count];
            for (int i = 0; i < count; i++)
                people[i] = members[i].Who;
            var made = new PeopleListed(sequence, people);
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
