using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The fold keeps what administrators did (docs/adr/0019).</summary>
public class ChatStateActsTests
{
    private readonly Fold _fold = new();
    private readonly SessionKey _admin;

    public ChatStateActsTests() => _admin = _fold.JoinAdmin("boss");

    [Fact]
    public void Every_act_is_kept_with_who_whom_when_why_and_until()
    {
        DateTimeOffset until = _fold.Now.AddHours(1);
        foreach (string nick in (string[])["bob", "carol", "dora", "eve"])
            _fold.Join(nick);
        _fold.Now += TimeSpan.FromSeconds(1);
        _fold.Accepted(new PersonMuted(_admin, "bob", until, Address: true));
        _fold.Accepted(new PersonMuted(_admin, "bob", DateTimeOffset.UnixEpoch, Address: false));
        _fold.Accepted(new Kicked(_admin, "BOB", "out"));
        _fold.Accepted(new PersonBanned(_admin, "carol", "rude", until, Address: false));
        _fold.Accepted(new PersonBanned(_admin, "eve", "rude", until, Address: true));
        _fold.Accepted(new Unbanned(_admin, "Carol"));
        _fold.Accepted(new Announced(_admin, "hello"));
        _fold.Accepted(new AdminRevoked(_admin));

        Assert.Equal(
            [
                Act(ActKind.Granted) with { At = _fold.Now.AddSeconds(-1) },
                Act(ActKind.Muted, "bob") with { Until = until, HitsAddress = true },
                Act(ActKind.Unmuted, "bob"),
                Act(ActKind.Kicked, "bob") with { Text = "out" },
                Act(ActKind.Banned, "carol") with { Text = "rude", Until = until },
                Act(ActKind.Banned, "eve") with { Text = "rude", Until = until, HitsAddress = true },
                Act(ActKind.Unbanned, "carol"),
                Act(ActKind.Announced) with { Text = "hello" },
                Act(ActKind.Revoked),
            ],
            _fold.State.Acts.Select(act => act with { Sequence = 0 }));
        Assert.Equal(_fold.State.Acts.Select(act => act.Sequence).Order().Distinct(), _fold.State.Acts.Select(act => act.Sequence));

        Act Act(ActKind kind, string? of = null) => new(0, _fold.Now, kind, "boss", "id of boss")
        {
            Of = of,
            OfId = of is null ? null : $"id of {of}",
        };
    }

    // The list can be read after an upgrade too.
    [Fact]
    public void Entries_of_older_versions_are_acts_too()
    {
        DateTimeOffset until = _fold.Now.AddHours(1);
        _fold.Join("bob");
        _fold.Accepted(new Muted(_admin, "bob", until) { Outlives = true });
        _fold.Accepted(new Muted(_admin, "bob", DateTimeOffset.UnixEpoch) { Outlives = true });
        _fold.Accepted(new Muted(_admin, "bob", until));
        _fold.Accepted(new Muted(_admin, "bob", DateTimeOffset.UnixEpoch));
        _fold.Accepted(new Banned(_admin, "bob", "rude", until));
        _fold.Accepted(new Unbanned(_admin, "192.0.2.1"));
        Assert.Equal(
            [
                (ActKind.Granted, null, null, false),
                (ActKind.Muted, "bob", until, true),
                (ActKind.Unmuted, "bob", null, false),
                (ActKind.Muted, "bob", until, false),
                (ActKind.Unmuted, "bob", null, false),
                (ActKind.Banned, "bob", until, true),
                (ActKind.Unbanned, "bob", (DateTimeOffset?)null, true),
            ],
            _fold.State.Acts.Select(act => (act.Kind, act.Of, act.Until, act.HitsAddress)));
    }

    [Fact]
    public void What_was_refused_or_changed_nothing_is_no_act()
    {
        SessionKey bob = _fold.Join("bob");
        int before = _fold.State.Acts.Count;
        _fold.Refused(new Kicked(bob, "boss", "r"));
        _fold.Refused(new Kicked(_admin, "nobody", "r"));
        _fold.Refused(new PersonBanned(bob, "boss", "r", _fold.Now.AddHours(1), Address: true));
        _fold.Refused(new PersonMuted(_admin, "boss", _fold.Now.AddHours(1), Address: false));
        _fold.Refused(new PersonMuted(_admin, "nobody", DateTimeOffset.UnixEpoch, Address: false));
        _fold.Refused(new Unbanned(_admin, "bob"));
        _fold.Refused(new Announced(bob, "x"));
        _fold.Accepted(new AdminRevoked(bob));
        _fold.Accepted(new AdminGranted(_admin));
        _fold.Accepted(new Announced(_admin, "once") { Key = "k" });
        Assert.IsType<Repeated>(_fold.Apply(new Announced(_admin, "once") { Key = "k" }));
        Assert.Equal(before + 1, _fold.State.Acts.Count);
    }

    [Fact]
    public void The_oldest_are_forgotten_and_long_texts_are_cut_between_characters()
    {
        string text = new string('x', Act.MaxText - 1) + "🙂";
        for (int i = 0; i < Acts.Limit; i++)
            _fold.Accepted(new Announced(_admin, i == 0 ? text : $"{i}"));
        Assert.Equal(Acts.Limit, _fold.State.Acts.Count);
        Assert.Equal(text[..(Act.MaxText - 1)], _fold.State.Acts.First().Text);
        _fold.Accepted(new Announced(_admin, "last"));
        Assert.Equal((Acts.Limit, "1", "last"), (_fold.State.Acts.Count, _fold.State.Acts.First().Text, _fold.State.Acts.Last().Text));

        ChatState restored = ChatState.Restore(_fold.State.Capture());
        Assert.Equal(_fold.State.Acts, restored.Acts);
    }

    // The addresses of users are blanked after a while. What administrators did stays, so it contains none.
    [Fact]
    public void Acts_contain_no_addresses()
    {
        _fold.Join("bob", "192.0.2.77");
        _fold.Accepted(new PersonBanned(_admin, "bob", "rude", _fold.Now.AddHours(1), Address: true));
        _fold.Accepted(new Unbanned(_admin, "192.0.2.77"));
        Assert.DoesNotContain(_fold.State.Acts, act => act.ToString().Contains("192.0.2.77", StringComparison.Ordinal));
    }
}
