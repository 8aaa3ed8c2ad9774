using ErlChat.Log;

namespace ErlChat.Sqlite.Entries;

/// <summary>What an entry says, as the history has it.</summary>
internal static class EntryWords
{
    /// <summary>Its words; null when it is none that says something.</summary>
    internal static string? Of(Entry? entry) => entry switch
    {
        Said said => said.Text,
        Whispered whispered => whispered.Text,
        TopicSet set => set.Topic,
        _ => null,
    };

    /// <summary>Whether a message of the history has them. SQLite's text ends at a NUL, for whoever reads it as one.</summary>
    internal static bool Are(Entry? entry, string text) => Of(entry)?.Split('\0')[0] == text;
}
