using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>The administrators' commands.</summary>
internal sealed partial class ChatState
{
    private Accepted SetAdmin(Session session, Entry entry, bool isAdmin)
    {
        PersonState person = session.Person;
        if (person.IsAdmin != isAdmin)
        {
            ChangeAdmin(person, isAdmin);
            Record(new Act(Sequence, entry.At, isAdmin ? ActKind.Granted : ActKind.Revoked, person.Who.Nick, person.Who.UserId));
        }

        return Done();
    }

    private Outcome On(AdminAppointed entry, Session admin)
    {
        bool withdraws = entry.Withdrawn == true;
        Refused? refused = Target(admin, entry.Nick, out PersonState? target, mayBeAway: true);

        // An administrator by the password may keep the rights.
        if (refused is not null && (withdraws || refused.Why != Refusal.NotYourself))
            return refused;
        if (!withdraws && !target!.IsMember)
            return new Refused(Refusal.NotMember);
        if (withdraws ? !target!.IsAdmin : target!.IsAppointed)
            return Done();
        if (target.IsAdmin == withdraws)
            ChangeAdmin(target, isAdmin: !withdraws);
        target.IsAppointed = !withdraws;
        RecordAgainst(withdraws ? ActKind.Dismissed : ActKind.Appointed, admin, target, entry, until: null);
        return Done();
    }

    private Outcome On(OperatorAppointed entry)
    {
        if (FindPerson(entry.UserId) is not { IsMember: true } person)
            return new Refused(Refusal.NotMember);
        if (person.IsAppointed)
            return Done();
        if (!person.IsAdmin)
            ChangeAdmin(person, isAdmin: true);
        person.IsAppointed = true;
        Record(new Act(Sequence, entry.At, ActKind.Granted, person.Who.Nick, person.Who.UserId));
        return Done();
    }

    /// <summary>All administrators. Those who gave the password are online; those who were appointed may be offline.</summary>
    internal IReadOnlyCollection<PersonState> Admins => _admins;

    /// <summary>Gives a person the rights of an administrator or takes them, and tells the others if the person is here.</summary>
    private void ChangeAdmin(PersonState person, bool isAdmin)
    {
        person.IsAdmin = isAdmin;
        person.IsAppointed &= isAdmin;
        if (isAdmin)
        {
            _admins.Add(person);
        }
        else
        {
            _admins.Remove(person);
            EndAdminLinks(person);
        }

        if (!person.IsOnline)
            return;
        var content = new AdminChanged(person.Who, isAdmin);
        _postings.Add(new Posting.ToRooms([RoomName.Lobby], content, null));

        // A user who is not in the lobby must also hear about the change. One who is in the lobby already has this mail, and the mailbox
        // takes it once.
        Tell(person, content);
    }

    private Outcome On(Kicked entry, Session admin)
    {
        if (Target(admin, entry.Nick, out PersonState? target) is { } refused)
            return refused;
        RecordAgainst(ActKind.Kicked, admin, target!, entry, until: null, text: entry.Reason);
        ThrowOut(admin, target!, entry, entry.Reason, bannedUntil: null);
        return Done();
    }

    private Outcome On(Banned entry, Session admin)
    {
        if (Target(admin, entry.Nick, out PersonState? target) is { } refused)
            return refused;
        BanOut(admin, target!, entry, new Ban(HostOf(target!) ?? target!.Sessions[^1].Host, target!.Who.Nick, entry.Reason, entry.Until));
        return Done();
    }

    private Outcome On(Unbanned entry, Session admin)
    {
        if (!admin.Person.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        if (_bans.Lift(entry.Host, entry.At) is not { } lifted)
            return new Refused(Refusal.NotBanned);
        Record(new Act(Sequence, entry.At, ActKind.Unbanned, admin.Person.Who.Nick, admin.Person.Who.UserId)
        {
            Of = lifted.Nick.Length > 0 ? lifted.Nick : null,
            OfId = lifted.UserId,
            HitsAddress = lifted.Host is not null,
        });
        return Done();
    }

    private Outcome On(Muted entry, Session admin)
    {
        bool outlives = entry.Outlives == true;
        if (outlives && entry.Until <= entry.At)
            return Unmute(admin, entry, entry.Nick);
        if (Target(admin, entry.Nick, out PersonState? target) is { } refused)
            return refused;
        if (outlives)
            Silence(admin, target!, entry, new Mute(target!.Who.Nick, HostOf(target), entry.Until));
        else
            SilenceSession(admin, target!, entry);
        return Done();
    }

    private Outcome On(Announced entry, Session admin)
    {
        if (!admin.Person.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        Active(admin, entry);
        _postings.Add(new Posting.ToAll(new Notice($"Announcement: {entry.Text}", null)));
        Record(new Act(Sequence, entry.At, ActKind.Announced, admin.Person.Who.Nick, admin.Person.Who.UserId) { Text = entry.Text });
        return Done();
    }

    /// <summary>The address from which a person logged in last; null for a member without a session, and if it was forgotten.</summary>
    private static string? HostOf(PersonState person) =>
        person.Sessions.Count > 0 && person.Sessions[^1].Host is var host && !HostAddress.IsForgotten(host) ? host : null;

    /// <summary>Whom a command is about, if the administrator may give it.</summary>
    /// <param name="mayBeAway">Whether it may be about a member who has no session.</param>
    private Refused? Target(Session admin, string nick, out PersonState? target, bool mayBeAway = false)
    {
        target = FindNick(nick) is { } found && (mayBeAway || found.Sessions.Count > 0) ? Live(found) : null;
        if (!admin.Person.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        if (target is null)
            return new Refused(Refusal.NoSuchUser);
        return target == admin.Person ? new Refused(Refusal.NotYourself) : null;
    }
}
