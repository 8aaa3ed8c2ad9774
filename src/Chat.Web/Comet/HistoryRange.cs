using ErlChat.History;

namespace ErlChat.Web.Comet;

/// <summary>Which part of a history a request asks for: its parameters as they were sent; null or empty if they are missing.</summary>
/// <param name="Before">For what is older than this id.</param>
/// <param name="After">For what is newer than this id.</param>
/// <param name="Around">For what is on both sides of this id.</param>
/// <param name="Limit">The most items.</param>
internal readonly record struct HistoryRange(string? Before, string? After, string? Around, string? Limit)
{
    /// <summary>
    /// Reads the parameters. Returns false if one is not a number within its range, or if there is more than one of before, after, around.
    /// </summary>
    /// <param name="maxBytes">The most bytes of an answer.</param>
    /// <param name="part">What is asked for.</param>
    internal bool TryRead(int maxBytes, out HistoryPart part)
    {
        part = default;
        string?[] sides = [Before, After, Around];
        if (sides.Count(static side => !string.IsNullOrEmpty(side)) > 1
            || !QueryNumber.TryRead(Before, 0, long.MaxValue, long.MaxValue, out long before)
            || !QueryNumber.TryRead(After, 0, long.MaxValue - 1, -1, out long after)
            || !QueryNumber.TryRead(Around, 0, long.MaxValue - 1, -1, out long around)
            || !QueryNumber.TryRead(Limit, 1, HistoryController.MaxLimit, HistoryController.DefaultLimit, out long count))
        {
            return false;
        }

        part = new HistoryPart(
            after >= 0 ? PageStart.After(after) : PageStart.Before(before),
            around >= 0 ? around : null,
            new PageSize((int)count, maxBytes));
        return true;
    }
}

/// <summary>A part of a history.</summary>
/// <param name="Start">Where it begins, unless it is around a message.</param>
/// <param name="Around">The message; null if there is none.</param>
/// <param name="Size">The limits of the page.</param>
internal readonly record struct HistoryPart(PageStart Start, long? Around, PageSize Size)
{
    /// <summary>The sequence near which items are kept if not all fit into the answer.</summary>
    internal long Near => Around ?? Start.Sequence;
}
