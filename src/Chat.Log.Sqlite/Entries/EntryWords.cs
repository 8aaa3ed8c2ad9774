using ErlChat.Log;

namespace ErlChat.Sqlite.Entries;

/// <summary>The text of an entry, as the history stores it.</summary>
internal static class EntryWords
{
    /// <summary>The text; null if the entry is neither a message nor an edit of one.</summary>
    internal static string? Of(Entry? entry) => entry switch
    {
        Said said => said.Text,
        Whispered whispered => whispered.Text,
        MessageEdited edited => edited.Text,
        TopicSet set => set.Topic,
        _ => null,
    };

    /// <summary>Whether a message in the history has this text. A text that contains NUL is cut there when SQLite returns it.</summary>
    internal static bool Are(Entry? entry, string text) => Of(entry)?.Split('\0')[0] == text;
}
