using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Health;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Nodes;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Nodes;
using ErlChat.Web.Watching;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Operator;

/// <summary>
/// The server's current state as JSON. Each open page requests it every few seconds, so it only uses values that are cheap to read.
/// Thread-safe.
/// </summary>
internal sealed class ServerView(
    PostOffice office,
    ChatRoom room,
    Readiness readiness,
    NodesEndpoint nodes,
    Admission admission,
    UnreadAnswers unread,
    RefusalCounts refusals,
    IOptions<ChatOptions> chat,
    IOptions<AnswerOptions> answers,
    ILogHealth? log = null)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version"u8, ProgramVersion.Server);
        json.WriteString("runtime"u8, ProgramVersion.Runtime);
        json.WritePropertyName("nodes"u8);
        nodes.Write(json, isForOperators: true);
        json.WriteNumber("sessions"u8, room.SessionCount);
        json.WriteNumber("parked"u8, office.Parked);
        json.WriteNumber("rooms"u8, room.RoomCount);
        json.WriteNumber("connections"u8, admission.Connections);
        json.WriteNumber("max_connections"u8, admission.ConnectionLimit);
        WriteHealth(json);
        WriteMemory(json);
        WriteLog(json);
        WriteRefusals(json);
        json.WriteEndObject();
    }

    private void WriteHealth(Utf8JsonWriter json)
    {
        (bool isReady, string word, Condition[] wrong) = readiness.Look();
        json.WriteStartObject("health"u8);
        json.WriteBoolean("ready"u8, isReady);
        json.WriteString("words"u8, word);
        json.WriteObjects("conditions"u8, wrong, static (json, one) =>
        {
            json.WriteString("name"u8, one.Name);
            json.WriteString("words"u8, one.Words);
            json.WriteBoolean("refuses"u8, one.Refuses);
        });
        json.WriteEndObject();
    }

    private void WriteMemory(Utf8JsonWriter json)
    {
        json.WriteStartObject("memory"u8);
        json.WriteNumber("process"u8, Environment.WorkingSet);
        json.WriteNumber("managed"u8, GC.GetTotalMemory(forceFullCollection: false));
        json.WriteNumber("mailboxes"u8, office.HeldBytes);
        json.WriteNumber("max_mailboxes"u8, chat.Value.MaxMailboxBytesTotal);
        json.WriteNumber("unread_answers"u8, unread.HeldBytes);
        json.WriteNumber("max_unread_answers"u8, answers.Value.MaxUnreadTotal);
        json.WriteEndObject();
    }

    private void WriteLog(Utf8JsonWriter json)
    {
        json.WriteStartObject("log"u8);
        json.WriteString("kind"u8, log?.Kind ?? "memory");
        json.WriteBoolean("available"u8, room.IsLogAvailable);
        json.WriteNumber("position"u8, office.Head);
        if (log is not null)
        {
            LogFigures figures = log.Read();
            json.WriteNumber("database"u8, figures.DatabaseBytes);
            WriteMaybe(json, "wal"u8, figures.WalBytes);
            WriteMaybe(json, "free"u8, figures.FreeBytes);
            json.WriteNumber("queued_messages"u8, figures.QueuedMessages);
            json.WriteNumber("queued"u8, figures.QueuedBytes);
            json.WriteNumber("max_queued"u8, figures.MaxQueuedBytes);
            WriteMaybe(json, "snapshot_age"u8, (long?)figures.SnapshotAge?.TotalSeconds);
            json.WriteNumber("since_snapshot"u8, figures.EntriesSinceSnapshot);
        }

        json.WriteEndObject();
    }

    private void WriteRefusals(Utf8JsonWriter json) => json.WriteObjects("refusals"u8, refusals.Look(), static (json, one) =>
    {
        json.WriteString("reason"u8, one.Reason);
        json.WriteString("limit"u8, one.Limit);
        json.WriteString("scope"u8, one.Scope);
        json.WriteNumber("count"u8, one.Count);
    });

    private static void WriteMaybe(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }
}
