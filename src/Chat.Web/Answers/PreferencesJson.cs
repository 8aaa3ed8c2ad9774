using System.Text.Json;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Answers;

/// <summary>How preferences are written and read.</summary>
internal static class PreferencesJson
{
    /// <summary>Writes what a person wants to see and hear, as the member <c>preferences</c>. What is as usual is left out.</summary>
    internal static void WritePreferences(this Utf8JsonWriter json, PreferencesView preferences)
    {
        json.WriteStartObject("preferences"u8);
        json.WritePreferencesInside(preferences);
        json.WriteEndObject();
    }

    /// <summary>Writes the same as members of the object that is being written.</summary>
    internal static void WritePreferencesInside(this Utf8JsonWriter json, PreferencesView preferences)
    {
        if (preferences.IsQuiet)
            json.WriteBoolean("quiet"u8, true);
        json.WriteObjects("ignored"u8, preferences.Ignored, static (item, one) =>
        {
            item.WriteString("nick"u8, one.Who.Nick);
            item.WriteString("user_id"u8, one.Who.UserId);
            item.WriteNumber("from"u8, one.Who.From);
            if (one.Until is { } until)
                item.WriteNumber("until"u8, until);
        });
        json.WriteObjects("rooms"u8, preferences.Rooms, static (item, one) =>
        {
            item.WriteString("room"u8, one.Room);
            if (one.IsMuted)
                item.WriteBoolean("muted"u8, true);
            if (one.Joins != ShownJoins.Folded)
                item.WriteString("joins"u8, one.Joins == ShownJoins.All ? "on"u8 : "off"u8);
        });
    }

    /// <summary>How joins and leaves are shown, as <see cref="WritePreferences"/> names it; null for any other word.</summary>
    internal static ShownJoins? JoinsOf(string? word) => word switch
    {
        "on" => ShownJoins.All,
        "folded" => ShownJoins.Folded,
        "off" => ShownJoins.None,
        _ => null,
    };
}
