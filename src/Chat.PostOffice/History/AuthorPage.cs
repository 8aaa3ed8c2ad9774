using ErlChat.Mailboxes;

namespace ErlChat.History;

/// <summary>A part of what a person wrote in rooms.</summary>
/// <param name="Items">Newest first; it may be empty although there are older ones.</param>
/// <param name="Before">From where to go on, exclusive; 0 if this was the last part.</param>
public sealed record AuthorPage(IReadOnlyList<Mail> Items, long Before)
{
    /// <summary>How many messages, of whomever, one part looks at: some milliseconds, and at most 8 MB of texts.</summary>
    public const int Span = 500;

    /// <summary>A part of the tables together with what is not written yet.</summary>
    /// <param name="fresh">What is not written yet, and may be in the tables too.</param>
    public AuthorPage With(IReadOnlyCollection<Mail> fresh) => fresh.Count == 0
        ? this
        : this with
        {
            Items =
            [
                .. Items.Concat(fresh.Where(mail => mail.Sequence >= Before))
                    .DistinctBy(static mail => mail.Sequence)
                    .OrderByDescending(static mail => mail.Sequence),
            ],
        };
}
