using System.Collections;

namespace ErlChat.State;

/// <summary>
/// The members of a room in the order in which they came. Adding and removing take constant time on average: whoever leaves leaves a hole,
/// and the holes are closed when they are as many as the members. Not thread-safe.
/// </summary>
internal sealed class MemberOrder : IEnumerable<Membership>
{
    /// <summary>Holes that are not worth the closing.</summary>
    private const int FewHoles = 16;

    private readonly List<Membership?> _places = [];
    private int _count;

    internal void Add(Membership member)
    {
        member.Place = _places.Count;
        _places.Add(member);
        _count++;
    }

    internal void Remove(Membership member)
    {
        _places[member.Place] = null;
        _count--;
        if (_places.Count - _count > Math.Max(_count, FewHoles))
            CloseHoles();
    }

    public IEnumerator<Membership> GetEnumerator()
    {
        foreach (Membership? member in _places)
        {
            if (member is not null)
                yield return member;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void CloseHoles()
    {
        _places.RemoveAll(static member => member is null);
        for (int i = 0; i < _places.Count; i++)
            _places[i]!.Place = i;
        _places.TrimExcess();
    }
}
