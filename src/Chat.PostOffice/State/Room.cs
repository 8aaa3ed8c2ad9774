using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>A named conversation, as the fold knows it. Only the fold changes it.</summary>
/// <remarks>
/// What is filed by room – histories, read marks, preferences, sealed names, homes – and the wires go by its <see cref="Name"/>, which a
/// rename does not change.
/// </remarks>
internal sealed class Room(string name)
{
    private readonly Dictionary<SessionKey, Membership> _members = [];
    private readonly Ordered<Membership> _order = new(static (one, other) => one.Since.CompareTo(other.Since));

    /// <summary>Its address, for as long as it exists: the name with which it was made, as its first member spelled it.</summary>
    internal string Name { get; } = name;

    /// <summary>The skeleton of its address; null if that is not compared.</summary>
    internal string? Look { get; init; }

    /// <summary>The name that people see since the room was renamed; null if that is the address.</summary>
    internal string? Title { get; set; }

    /// <summary>The skeleton of its title; null if there is none, or that is not compared.</summary>
    internal string? TitleLook { get; set; }

    /// <summary>The name that people see.</summary>
    internal string Shown => Title ?? Name;

    internal string Topic { get; set; } = "";

    /// <summary>The user id of whoever set the topic; null if there is none, or that is not known.</summary>
    internal string? TopicBy { get; set; }

    internal RoomRules Rules { get; } = new();

    /// <summary>How many members are online.</summary>
    internal int Online { get; private set; }

    /// <summary>Its place in <see cref="DesertedRooms"/>; 0 if it is not among them.</summary>
    internal long DesertedSince { get; set; }

    /// <summary>
    /// Members by <see cref="PersonState.Key"/>. Use <see cref="InOrder"/> for anything that users see, because the order here is
    /// arbitrary.
    /// </summary>
    internal IReadOnlyDictionary<SessionKey, Membership> Members => _members;

    /// <summary>
    /// Members in the order in which they entered, which is the same on every node. This order is maintained, not sorted, because it is
    /// enumerated under the state's lock. <see cref="Packed"/> guests are members too, but not here.
    /// </summary>
    internal IEnumerable<Membership> InOrder => _order;

    /// <summary>
    /// The members who are packed, by when they went offline. The lobby's are not here: all packed guests are its members, too.
    /// </summary>
    internal Ordered<PackedGuest> Packed { get; } = new(static (one, other) => one.OfflineSince.CompareTo(other.OfflineSince));

    /// <summary>Whether anybody is a member, online or not. Not for the lobby, which never ends.</summary>
    internal bool HasMembers => _members.Count + Packed.Count > 0;

    /// <summary>Adds a member, usually one that entered after all others.</summary>
    internal void Add(Membership member)
    {
        _members.Add(member.Person.Key, member);
        _order.Add(member);
        if (member.Person.IsOnline)
            Online++;
    }

    internal void Remove(SessionKey person)
    {
        if (!_members.Remove(person, out Membership? member))
            return;
        Sparse.Trim(_members);
        _order.Remove(member);
        if (member.Person.IsOnline)
            Online--;
    }

    /// <summary>Records that one of its members has come online or gone offline.</summary>
    internal void ChangePresence(bool online) => Online += online ? 1 : -1;

    /// <summary>The members who are online, in order.</summary>
    internal Person[] CopyPersons()
    {
        var persons = new Person[Online];
        int count = 0;
        foreach (Membership member in _order)
        {
            if (member.Person.IsOnline)
                persons[count++] = member.Person.Who;
        }

        return persons;
    }
}

/// <summary>A person's membership of a room since an entry. A <paramref name="quiet"/> one gets no joins and leaves.</summary>
internal sealed class Membership(PersonState person, long since, bool quiet)
{
    internal PersonState Person { get; } = person;

    internal long Since { get; } = since;

    internal bool Quiet { get; } = quiet;
}
