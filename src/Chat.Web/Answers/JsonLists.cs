using System.Text.Json;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Web.Answers;

/// <summary>Writes arrays, for which <see cref="Utf8JsonWriter"/> has no method, and members that several answers share.</summary>
internal static class JsonLists
{
    internal static void WriteStrings(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        json.WritePropertyName(name);
        json.WriteStringValues(values);
    }

    internal static void WriteStringValues(this Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>Writes an array of objects.</summary>
    /// <param name="write">Writes an item's members.</param>
    internal static void WriteObjects<T>(this Utf8JsonWriter json, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray();
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <inheritdoc cref="WriteObjects{T}(Utf8JsonWriter, IEnumerable{T}, Action{Utf8JsonWriter, T})"/>
    internal static void WriteObjects<T>(
        this Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IEnumerable<T> items,
        Action<Utf8JsonWriter, T> write)
    {
        json.WritePropertyName(name);
        json.WriteObjects(items, write);
    }

    /// <summary>An upper bound of the length of what <see cref="WriteRoom"/> writes.</summary>
    internal static int LengthOf(RoomView room) =>
        128 + BoundedList.LengthOf(room.Name) + BoundedList.LengthOf(room.Title ?? "") + BoundedList.LengthOf(room.Topic);

    /// <summary>Writes the members that describe a room.</summary>
    internal static void WriteRoom(this Utf8JsonWriter json, RoomView room)
    {
        json.WriteString("name"u8, room.Name);
        if (room.Title is not null)
            json.WriteString("title"u8, room.Title);
        json.WriteString("topic"u8, room.Topic);
        json.WriteNumber("members"u8, room.Members);
        json.WriteRoomSettings(room);
    }

    /// <summary>Writes the titles of rooms by address, as the member <c>titles</c>, which is left out if there are none.</summary>
    internal static void WriteTitles(this Utf8JsonWriter json, IReadOnlyDictionary<string, string> titles)
    {
        if (titles.Count == 0)
            return;
        json.WriteStartObject("titles"u8);
        foreach ((string room, string title) in titles)
            json.WriteString(room, title);
        json.WriteEndObject();
    }

    /// <summary>Writes how much is pinned in rooms, as the member <c>pins</c>, which is left out if there is nothing.</summary>
    internal static void WritePinCounts(this Utf8JsonWriter json, IReadOnlyDictionary<string, int> counts)
    {
        if (counts.Count == 0)
            return;
        json.WriteStartObject("pins"u8);
        foreach ((string room, int count) in counts)
            json.WriteNumber(room, count);
        json.WriteEndObject();
    }

    /// <summary>Writes the administrators, as the member <c>admins</c>, which is left out if there are none.</summary>
    internal static void WriteAdmins(this Utf8JsonWriter json, IReadOnlyList<AdminView> admins)
    {
        if (admins.Count == 0)
            return;
        json.WriteStartArray("admins"u8);
        foreach (AdminView one in admins)
        {
            json.WriteStartObject();
            json.WriteString("nick"u8, one.Nick);
            json.WriteNumber("from"u8, one.From);
            if (one.IsAppointed)
                json.WriteBoolean("lasting"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes how a room is used. What is as usual is left out.</summary>
    internal static void WriteRoomSettings(this Utf8JsonWriter json, RoomView room)
    {
        if (room.IsPrivate)
            json.WriteBoolean("private"u8, true);
        if (room.IsLocked)
            json.WriteBoolean("locked"u8, true);
        if (room.IsArchived)
            json.WriteBoolean("archived"u8, true);
        if (room.Pause > TimeSpan.Zero)
            json.WriteNumber("slow"u8, (int)room.Pause.TotalSeconds);
    }

    /// <summary>Writes how far a member has read each conversation, as the member <c>read</c>.</summary>
    internal static void WriteMarks(this Utf8JsonWriter json, IEnumerable<ReadMark> marks) => json.WriteObjects("read"u8, marks, WriteMark);

    /// <summary>Writes the members that say how far somebody has read a conversation.</summary>
    internal static void WriteMark(this Utf8JsonWriter json, ReadMark mark)
    {
        json.WriteString(mark.Room is null ? "with"u8 : "room"u8, mark.Room ?? mark.With);
        json.WriteNumber("up_to"u8, mark.UpTo);
    }

    /// <summary>The word for a role in a room.</summary>
    internal static string WordOf(RoomRole role) => role switch
    {
        RoomRole.Member => "member",
        RoomRole.Moderator => "moderator",
        RoomRole.Owner => "owner",
        _ => throw new System.Diagnostics.UnreachableException(role.ToString()),
    };

    /// <summary>The key by which lists of bans are ordered and paged. No address begins with a tilde.</summary>
    internal static string KeyOf(Ban ban) => ban.Host ?? "~" + ban.Nick;

    /// <summary>An upper bound of the length of what <see cref="WriteBan"/> writes.</summary>
    internal static int LengthOf(Ban ban) => 120 + BoundedList.LengthOf(ban.Host ?? "") + BoundedList.LengthOf(ban.Nick)
        + BoundedList.LengthOf(ban.UserId ?? "") + BoundedList.LengthOf(ban.Reason);

    /// <summary>Writes the members that describe a ban.</summary>
    internal static void WriteBan(this Utf8JsonWriter json, Ban ban)
    {
        json.WriteString("host"u8, ban.Host ?? "");
        json.WriteString("nick"u8, ban.Nick);
        json.WriteString("user_id"u8, ban.UserId ?? "");
        json.WriteString("reason"u8, ban.Reason);
        json.WriteString("until"u8, ban.Until.UtcDateTime);
    }
}
