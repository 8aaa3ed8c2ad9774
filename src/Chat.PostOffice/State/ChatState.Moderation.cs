using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Bans and mutes, of persons and of addresses, and the record of what administrators did.</summary>
internal sealed partial class ChatState
{
    private readonly Bans _bans = new();
    private readonly Mutes _mutes = new();
    private readonly Acts _acts = new();
    private readonly Removals _removals = new();

    /// <summary>Bans of addresses, by address.</summary>
    internal IReadOnlyDictionary<string, Ban> Bans => _bans.Addresses;

    /// <summary>Bans of addresses and of persons, each once.</summary>
    internal IEnumerable<Ban> AllBans => _bans.All;

    /// <summary>By nick, ignoring case.</summary>
    internal IEnumerable<Mute> Mutes => _mutes.All;

    /// <summary>What administrators did, oldest first.</summary>
    internal IReadOnlyCollection<Act> Acts => _acts.All;

    /// <summary>The ban of an address; null if there is none at that time.</summary>
    internal Ban? FindBan(string host, DateTimeOffset now) => _bans.Find(host, now);

    /// <summary>The ban of whoever has a nick or a user id; null if there is none at that time.</summary>
    internal Ban? FindPersonBan(string nick, string? userId, DateTimeOffset now) => _bans.FindPerson(nick, userId, now);

    /// <summary>How an administrator removed a session; null if none did, or if that is no longer remembered.</summary>
    internal Removal? FindRemoval(SessionKey session, DateTimeOffset now) => _removals.Find(session, now);

    private Outcome On(PersonBanned entry, Session admin)
    {
        if (Target(admin, entry.Nick, out PersonState? target, mayBeAway: true) is { } refused)
            return refused;
        BanOut(admin, target!, entry, new Ban(entry.Address ? HostOf(target!) : null, target!.Who.Nick, entry.Reason, entry.Until)
        {
            UserId = target.Who.UserId,
        });
        return Done();
    }

    private Outcome On(PersonMuted entry, Session admin)
    {
        if (entry.Until <= entry.At)
            return Unmute(admin, entry, entry.Nick);
        if (Target(admin, entry.Nick, out PersonState? target, mayBeAway: true) is { } refused)
            return refused;
        Silence(admin, target!, entry, new Mute(target!.Who.Nick, entry.Address ? HostOf(target) : null, entry.Until)
        {
            UserId = target.Who.UserId,
        });
        return Done();
    }

    private void BanOut(Session admin, PersonState target, Entry entry, Ban ban)
    {
        _bans.RemoveExpired(entry.At);
        _bans.Add(ban);
        RecordAgainst(ActKind.Banned, admin, target, entry, ban.Until, ban.Host is not null, ban.Reason);
        ThrowOut(admin, target, entry, ban.Reason, ban.Until);
    }

    /// <summary>Ends all sessions of a person, and says why: now to those that are online, and to the others when they come back.</summary>
    private void ThrowOut(Session admin, PersonState target, Entry entry, string reason, DateTimeOffset? bannedUntil)
    {
        Tell(target, new Notice(Removal.Words(reason, bannedUntil), null));
        foreach (Session session in target.Sessions)
            _removals.Add(session, admin.Person.Who.UserId, reason, bannedUntil, entry.At);
        (string word, CloseReason closing) = bannedUntil is null ? ("kicked", CloseReason.Kicked) : ("banned", CloseReason.Banned);
        EndAll(target, $"{word}: {reason}", closing);
    }

    private void Silence(Session admin, PersonState target, Entry entry, Mute mute)
    {
        target.MutedUntil = mute.Until;
        _mutes.Add(mute, entry.At);
        RecordAgainst(ActKind.Muted, admin, target, entry, mute.Until, mute.Host is not null);
    }

    /// <summary>Mutes a person only until the end of the session, or unmutes it: a mute of older versions.</summary>
    private void SilenceSession(Session admin, PersonState target, Muted entry)
    {
        target.MutedUntil = entry.Until;
        bool lifts = entry.Until <= entry.At;
        RecordAgainst(lifts ? ActKind.Unmuted : ActKind.Muted, admin, target, entry, lifts ? null : entry.Until);
    }

    /// <summary>Unmutes a person. One who has no session can be unmuted too.</summary>
    private Outcome Unmute(Session admin, Entry entry, string nick)
    {
        Refused? refused = Target(admin, nick, out PersonState? target, mayBeAway: true);
        if (refused is null)
        {
            Lift(target!.Who.Nick, target.Who.UserId, HostOf(target), entry.At);
            RecordAgainst(ActKind.Unmuted, admin, target, entry, until: null);
            return Done();
        }

        if (refused.Why != Refusal.NoSuchUser || _mutes.Find(nick) is not { } absent || absent.Until <= entry.At)
            return refused;
        Lift(absent.Nick, absent.UserId, host: null, entry.At);
        bool isOfAddress = absent.Nick == absent.Host;
        Record(new Act(Sequence, entry.At, ActKind.Unmuted, admin.Person.Who.Nick, admin.Person.Who.UserId)
        {
            Of = isOfAddress ? null : absent.Nick,
            OfId = absent.UserId,
            HitsAddress = isOfAddress,
        });
        return Done();
    }

    /// <summary>
    /// Ends the mutes of a person, and of the addresses that they were made for. Every person who shared them is unmuted, unless also
    /// muted for another reason.
    /// </summary>
    private void Lift(string nick, string? userId, string? host, DateTimeOffset now)
    {
        IReadOnlySet<string> hosts = _mutes.Lift(nick, userId, host);
        PersonState? owner = FindOwner(nick) is { } found ? Live(found) : null;
        Unpack(_packed.All.Where(guest => hosts.Contains(guest.Host) || guest.UserId == userId));
        foreach (PersonState person in _userIds.Values)
        {
            Person who = person.Who;
            if (who.UserId == userId
                || person == owner
                || person.Sessions.Any(session => hosts.Contains(session.Host)))
            {
                person.MutedUntil = _mutes.EndForPerson(who.Nick, who.UserId, now);
            }
        }
    }

    private void RecordAgainst(
        ActKind kind,
        Session admin,
        PersonState target,
        Entry entry,
        DateTimeOffset? until,
        bool hitsAddress = false,
        string? text = null) =>
        Record(new Act(Sequence, entry.At, kind, admin.Person.Who.Nick, admin.Person.Who.UserId)
        {
            Of = target.Who.Nick,
            OfId = target.Who.UserId,
            Text = text,
            Until = until,
            HitsAddress = hitsAddress,
        });

    private void Record(Act act) => _acts.Add(act.Text is null ? act : act with { Text = Act.Cut(act.Text) });
}
