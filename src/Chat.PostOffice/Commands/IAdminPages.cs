using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Commands;

/// <summary>Writes the HTML fragments that old clients insert for administrators' questions. Thread-safe; everything users can influence is escaped.</summary>
public interface IAdminPages
{
    /// <summary>A table about one session.</summary>
    string Info(SessionView user);

    /// <summary>A table of bans.</summary>
    /// <param name="bans">Each with the time that is left of it, spelled.</param>
    string Bans(IReadOnlyList<(Ban Ban, string TimeLeft)> bans);
}
