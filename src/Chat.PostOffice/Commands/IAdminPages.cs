using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Commands;

/// <summary>
/// Creates the HTML fragments that old clients insert as the answers to administrators' questions. Implementations are thread-safe and
/// escape everything that users can influence.
/// </summary>
public interface IAdminPages
{
    /// <summary>A table about one session.</summary>
    string Info(SessionView user);

    /// <summary>A table of bans.</summary>
    /// <param name="bans">The bans, each with its remaining time in words.</param>
    string Bans(IReadOnlyList<(Ban Ban, string TimeLeft)> bans);

    /// <summary>A table of what administrators did.</summary>
    /// <param name="acts">The acts, newest first.</param>
    /// <param name="page">The number of this page, from 1.</param>
    /// <param name="pages">How many pages there are.</param>
    string Acts(IReadOnlyList<Act> acts, int page, int pages);
}
