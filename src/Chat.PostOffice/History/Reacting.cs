using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>What reactions are in the history: in mail that it keeps in memory, and in what readers get.</summary>
public static class Reacting
{
    /// <summary>An entry with the facts of a message, and without changes.</summary>
    /// <param name="mail">The message, as the history has it.</param>
    public static Reacted Named(Mail mail)
    {
        MessageRef message = ChangedMessage.NameOf(mail);
        return new Reacted(message.Sequence, [])
        {
            AuthorId = message.Who.UserId,
            Room = message.Room,
            ToId = message.To?.UserId,
        };
    }

    /// <summary>A page of messages with their reactions, for one reader.</summary>
    /// <param name="page">The page.</param>
    /// <param name="reactions">The reactions to messages of the page.</param>
    /// <param name="userId">The reader's user id.</param>
    public static MailPage Shown(MailPage page, IReadOnlyDictionary<long, MessageReactions> reactions, string userId)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(reactions);
        return page.With([.. page.Select(Shown)]);

        Mail Shown(Mail mail)
        {
            if (!reactions.TryGetValue(mail.Sequence, out MessageReactions? found))
                return mail;
            ShownReactions shown = ShownTo(found, userId);
            return mail.Content switch
            {
                Spoken spoken => new Mail(mail.Sequence, mail.At, spoken with { Reactions = shown }),
                Whisper whisper => new Mail(mail.Sequence, mail.At, whisper with { Reactions = shown }),
                _ => mail,
            };
        }
    }

    /// <summary>The messages of a page that can have reactions.</summary>
    public static IReadOnlyCollection<long> Candidates(IEnumerable<Mail> page) =>
    [
        .. page
            .Where(static mail => mail.Content is Spoken or Whisper && !ChangedMessage.IsRemoved(mail))
            .Select(static mail => mail.Sequence),
    ];

    /// <summary>
    /// What was done to messages, as mail in the order of the changes: edits and deletions of one page, and the reactions of another.
    /// </summary>
    /// <param name="changes">Edits and deletions.</param>
    /// <param name="reacted">Messages whose reactions changed.</param>
    /// <param name="reactions">Their reactions.</param>
    /// <param name="room">The room; null for private messages.</param>
    /// <param name="userId">The reader's user id.</param>
    /// <param name="size">The limits of the page.</param>
    public static ChangesPage Merge(
        ChangesPage changes,
        ReactedPage reacted,
        IReadOnlyDictionary<long, MessageReactions> reactions,
        string? room,
        string userId,
        PageSize size)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(reacted);
        ArgumentNullException.ThrowIfNull(reactions);
        Mail[] done = [.. changes.Items.Select(ChangedMessage.MailOf).OfType<Mail>()];

        // A deletion that is not written yet has not removed them from the tables.
        HashSet<long> removed = [.. changes.Items.Where(ChangedMessage.IsRemoved).Select(static mail => mail.Sequence)];
        Mail[] now = [.. reacted.Items.Select(one => NowOf(one, reactions.GetValueOrDefault(one.Message), room, userId))];

        // What lies behind the end of a page that was not the last one is not known, so nothing of the other page is shown from there on.
        long end = Math.Min(
            changes.More ? done[^1].Sequence : long.MaxValue, reacted.More ? now[^1].Sequence : long.MaxValue);
        ChangesPage page = ChangesPage.Of(
            done.Concat(now.Where(mail => !removed.Contains(((ReactionsNow)mail.Content).Message)))
                .Where(mail => mail.Sequence <= end)
                .OrderBy(static mail => mail.Sequence),
            size);
        return page with { More = page.More || changes.More || reacted.More };
    }

    /// <summary>A message of the history in memory after a change; null if it is about another one, or has been applied.</summary>
    internal static Mail? After(Mail mail, Mail change)
    {
        var changed = (ReactionsChanged)change.Content;
        if (mail.Sequence != changed.Message || ChangedMessage.IsRemoved(mail))
            return null;
        StoredReactions before = Of(mail) ?? new StoredReactions(0, default, []);
        if (before.Through >= change.Sequence)
            return null;
        List<StoredReaction> all = [.. before.All];
        foreach (ReactionMade made in changed.Changes)
        {
            int index = all.FindIndex(one => one.UserId == made.UserId && one.Emoji == made.Emoji);
            if (index < 0 && made.On)
                all.Add(new StoredReaction(mail.Sequence, made.Emoji, made.UserId, made.Nick, change.Sequence, change.At));
            else if (index >= 0 && !made.On)
                all.RemoveAt(index);
        }

        return With(mail, new StoredReactions(change.Sequence, change.At, all));
    }

    /// <summary>A message of the history in memory without the reactions of a person; null if there are none.</summary>
    internal static Mail? Without(Mail mail, string userId) =>
        Of(mail) is { } found && found.All.Any(one => one.UserId == userId)
            ? With(mail, found with { All = [.. found.All.Where(one => one.UserId != userId)] })
            : null;

    /// <summary>The reactions that the history in memory has of a message; null if there never were any.</summary>
    internal static StoredReactions? Of(Mail? mail) => mail?.Content switch
    {
        Spoken spoken => spoken.Reacted,
        Whisper whisper => whisper.Reacted,
        _ => null,
    };

    /// <summary>A message of the history in memory that has, or had, reactions.</summary>
    internal static ReactedMessage ReactedOf(Mail mail)
    {
        StoredReactions found = Of(mail)!;
        return new ReactedMessage(
            mail.Sequence, found.Through, found.At, mail.Content is not Whisper one ? null : one.Own ? one.To.UserId : one.From.UserId);
    }

    /// <summary>Adds the reactions that the history in memory has of a message.</summary>
    internal static void AddTo(ReactionTally tally, Mail mail)
    {
        if (Of(mail) is not { } found)
            return;
        tally.AddThrough(mail.Sequence, found.Through);
        ILookup<string, StoredReaction> byEmoji = found.All.ToLookup(static one => one.Emoji);
        foreach (StoredReaction row in found.All)
            tally.Add(row, byEmoji[row.Emoji].Count());
    }

    /// <summary>A page of the tables together with what is not written yet.</summary>
    /// <param name="written">The page of the tables.</param>
    /// <param name="pending">All that the reader may know of, oldest first.</param>
    /// <param name="since">The exclusive lower limit of the changes' sequences.</param>
    /// <param name="size">The limits of the page.</param>
    public static ReactedPage With(ReactedPage written, IReadOnlyList<Mail> pending, long since, PageSize size)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(pending);
        if (pending.Count == 0)
            return written;

        // What waits is newer than all that is written, so it does not belong on a page that the tables have filled.
        long last = written.More ? written.Items[^1].Through : long.MaxValue;
        IEnumerable<ReactedMessage> all = written.Items
            .Concat(pending.Where(mail => mail.Sequence > since).Select(ReactedBy))
            .GroupBy(static one => one.Message)
            .Select(static same => same.MaxBy(static one => one.Through)!)
            .OrderBy(static one => one.Through);
        ReactedPage page = PageOf(all.Where(one => one.Through <= last), size);
        return page with { More = page.More || written.More };

        static ReactedMessage ReactedBy(Mail mail)
        {
            var changed = (ReactionsChanged)mail.Content;
            return new ReactedMessage(changed.Message, mail.Sequence, mail.At, changed.With);
        }
    }

    /// <summary>A part of a person's reactions from the tables together with what is not written yet.</summary>
    /// <param name="written">The part of the tables.</param>
    /// <param name="pending">Reactions, and messages that were deleted, oldest first.</param>
    /// <param name="userId">The person's user id.</param>
    /// <param name="before">The exclusive upper limit of the messages.</param>
    public static PersonReactions With(PersonReactions written, IReadOnlyList<Mail> pending, string userId, long before)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(pending);
        List<PersonReaction> now = [.. written.Items];
        foreach (Mail mail in pending)
        {
            if (mail.Content is MessageRemoved removed)
            {
                now.RemoveAll(one => one.Message == removed.Message.Sequence);
            }
            else if (mail.Content is ReactionsChanged changed && changed.Message >= written.Before && changed.Message < before)
            {
                foreach (ReactionMade made in changed.Changes.Where(made => made.UserId == userId))
                {
                    int index = now.FindIndex(one => one.Message == changed.Message && one.Emoji == made.Emoji);
                    if (!made.On && index >= 0)
                        now.RemoveAt(index);
                    else if (made.On && index < 0)
                        now.Add(new PersonReaction(changed.Message, changed.Room, made.Emoji, mail.At));
                }
            }
        }

        return written with { Items = [.. now.OrderByDescending(static one => one.Message)] };
    }

    /// <summary>A page of messages whose reactions changed, which are offered in the order of the changes.</summary>
    public static ReactedPage PageOf(IEnumerable<ReactedMessage> inOrder, PageSize size)
    {
        ArgumentNullException.ThrowIfNull(inOrder);
        ReactedMessage[] some = [.. inOrder.Take(size.Items + 1)];
        return new ReactedPage(some[..Math.Min(some.Length, size.Items)], some.Length > size.Items);
    }

    private static Mail? With(Mail mail, StoredReactions reactions) => mail.Content switch
    {
        Spoken spoken => new Mail(mail.Sequence, mail.At, spoken with { Reacted = reactions }),
        Whisper whisper => new Mail(mail.Sequence, mail.At, whisper with { Reacted = reactions }),
        _ => null,
    };

    private static ShownReactions ShownTo(MessageReactions reactions, string userId) => new(
        reactions.Through,
        [.. reactions.Emojis.Select(one => new ReactionCount(one.Emoji, one.Count, one.Users.Contains(userId), one.Nicks))]);

    private static Mail NowOf(ReactedMessage message, MessageReactions? reactions, string? room, string userId)
    {
        ShownReactions shown = reactions is null ? new ShownReactions(message.Through, []) : ShownTo(reactions, userId);
        return new Mail(message.Through, message.At, new ReactionsNow(message.Message, room, message.With, shown));
    }
}
