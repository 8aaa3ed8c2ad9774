using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Guests who are packed while they are offline. That nothing else changes is in <see cref="ChatStatePropertyTests"/>.</summary>
public class PackedGuestsTests
{
    private const int Guests = 3_000;

    private readonly Fold _fold = new();

    private ChatState State => _fold.State;

    // The indexes grow and shrink on the way.
    [Fact]
    public void Thousands_of_guests_are_found_whoever_comes_and_goes() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        var fold = new Fold();
        int[] numbers = [.. Enumerable.Range(0, Guests)];
        foreach (int number in numbers)
        {
            Assert.IsType<JoinAccepted>(fold.Apply(JoiningOf(number)));
            fold.Accepted(GoingOffline(KeyOf(number)));
        }

        random.Shuffle(numbers);
        var back = new HashSet<int>();
        for (int i = 0; i < Guests; i++)
        {
            fold.Accepted(i % 3 == 0 ? new Left(KeyOf(numbers[i]), CloseReason.Left) : new CameOnline(KeyOf(numbers[i])));
            if (i % 3 > 0)
                back.Add(numbers[i]);
            if (i % 500 > 0)
                continue;
            Assert.Equal(Guests - i - 1, fold.State.Packed);
            var away = numbers[(i + 1)..].ToHashSet();
            foreach (int number in numbers)
                AssertFound(fold.State, number, back.Contains(number) || away.Contains(number));
        }

        Assert.Equal(0, fold.State.Packed);
        Assert.Equal(back.Order().Select(KeyOf), fold.State.Rooms[RoomName.Lobby].InOrder.Select(member => member.Person.Key));
    });

    [Fact]
    public void A_name_that_looks_like_a_packed_guests_is_taken()
    {
        _fold.Apply(Fold.Joining("amy") with { NickLook = "arny" });
        _fold.Accepted(GoingOffline(SessionKey.Of("amy")));
        Assert.Equal(1, State.Packed);
        Assert.Equal(Refusal.NickTaken, _fold.Refused(Fold.Joining("arny") with { NickLook = "arny" }));
    }

    [Fact]
    public void Removing_a_guest_who_is_not_in_an_index_ends()
    {
        _fold.Accepted(GoingOffline(_fold.Join("amy")));
        PackedGuest amy = Assert.Single(State.CopyPacked());
        var index = new PackedIndex<SessionKey>(static guest => guest.Key, EqualityComparer<SessionKey>.Default);
        Assert.Throws<UnreachableException>(() => index.Remove(amy));
    }

    [Fact]
    public void A_packed_guest_whose_nick_is_not_ascii_is_found_in_every_spelling()
    {
        SessionKey key = _fold.Join("Straße");
        _fold.Accepted(GoingOffline(key));
        Assert.Equal(1, State.Packed);
        Assert.Equal(key, State.FindOwner("STRASSE")?.Key);
        Assert.Equal(Refusal.NickTaken, _fold.Refused(Fold.Joining("strasse")));
        _fold.Accepted(new Left(key, CloseReason.Left));
        _fold.Join("strasse");
    }

    [Fact]
    public void A_room_has_packed_members_until_it_ends_with_them()
    {
        SessionKey bob = _fold.Join("bob"), cy = _fold.Join("cy"), dee = _fold.Join("dee");
        _fold.Enter(bob, "den");
        _fold.Enter(cy, "den");
        _fold.Accepted(GoingOffline(bob));
        _fold.Accepted(GoingOffline(cy));
        Assert.Equal((2, 0, true), (State.Packed, State.Rooms["den"].Members.Count, State.Rooms["den"].HasMembers));
        _fold.Accepted(new CameOnline(bob));
        Assert.Equal(["bob"], State.Rooms["den"].CopyPersons().Select(one => one.Nick));
        _fold.Accepted(GoingOffline(bob));

        // The room is in nobody's way until there are too many.
        Assert.IsType<RoomAccepted>(_fold.Enter(dee, "attic", rooms: 2));
        Assert.DoesNotContain("den", State.Rooms.Keys);
        Assert.Equal(["lobby"], State.FindNick("cy")!.Rooms);
        Assert.Equal(2, State.Packed);
    }

    [Fact]
    public void A_guest_in_a_room_whose_name_cannot_be_written_is_not_packed()
    {
        SessionKey bob = _fold.Join("bob");
        _fold.Enter(bob, "half \ud83d");
        _fold.Accepted(GoingOffline(bob));
        Assert.Equal(0, State.Packed);
    }

    [Fact]
    public void A_member_is_not_packed()
    {
        SessionKey cy = _fold.Join("cy");
        _fold.Accepted(new Registered(cy, 10));
        _fold.Accepted(GoingOffline(cy));
        Assert.Equal(0, State.Packed);
    }

    // A look at a packed guest leaves it packed, and so does what changes nothing about it.
    [Fact]
    public void A_guest_stays_packed_until_something_changes_that_does_not_fit()
    {
        SessionKey boss = _fold.JoinAdmin("boss"), amy = _fold.Join("amy", "192.0.2.7");
        _fold.Accepted(GoingOffline(amy));
        _fold.Accepted(new Whispered(boss, "amy", "words"));
        _fold.Accepted(new PersonMuted(boss, "amy", _fold.Now.AddMinutes(-1), Address: true));
        Assert.Equal(Refusal.Unavailable, _fold.Refused(new Said(amy, RoomName.Lobby, "words", Action: false)));
        Assert.Equal(1, State.Packed);
        _fold.Accepted(new PersonMuted(boss, "amy", _fold.Now.AddMinutes(1), Address: false));
        Assert.Equal(0, State.Packed);
        Assert.Equal(_fold.Now.AddMinutes(1), State.FindNick("amy")?.MutedUntil);
        _fold.Accepted(new PersonMuted(boss, "amy", _fold.Now, Address: false));
        Assert.Equal(0, State.Packed);
    }

    [Fact]
    public void A_forgotten_address_leaves_a_guest_packed()
    {
        SessionKey amy = _fold.Join("amy", "192.0.2.7");
        _fold.Accepted(GoingOffline(amy));
        Assert.True(State.HasAddressesBefore(_fold.Now.AddDays(1)));
        _fold.Accepted(new ForgotAddresses(_fold.Now.AddDays(1)));
        Assert.False(State.HasAddressesBefore(_fold.Now.AddDays(1)));
        Assert.Equal(1, State.Packed);
        Assert.Equal(HostAddress.Forgotten(amy), State.Sessions[amy].Host);
    }

    private static void AssertFound(ChatState state, int number, bool isThere)
    {
        SessionKey? key = isThere ? KeyOf(number) : null;
        Assert.Equal(key, state.FindNick($"GUEST{number}")?.Key);
        Assert.Equal(key, state.FindPerson(IdOf(number))?.Key);
        Assert.Equal(isThere, state.Sessions.ContainsKey(KeyOf(number)));
        Assert.Equal(isThere, state.Looks.IsTaken($"look {number}", "other"));
    }

    private static Joined JoiningOf(int number) => Fold.Joining($"guest{number}", $"192.0.{number / 250}.{number % 250}") with
    {
        Session = KeyOf(number),
        UserId = IdOf(number),
        NickLook = $"look {number}",
    };

    private static SessionKey KeyOf(int number) => SessionKey.Of($"session {number}");

    private static string IdOf(int number) => number % 2 == 0 ? $"{number:x32}" : $"id of {number}";

    private static WentOffline GoingOffline(SessionKey session) => new(session, DateTimeOffset.MaxValue, Guests, Guests);
}
