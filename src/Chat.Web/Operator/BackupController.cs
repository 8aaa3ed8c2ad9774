using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sqlite.Backups;
using ErlChat.Web.Answers;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// Starts and cancels backups, and reports their progress and the existing files. The caller does not choose file names;
/// <see cref="BackupFolder"/> does.
/// </summary>
internal sealed class BackupController(Backups backups, ChatRoom room, PostOffice office, ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    [HttpGet("/admin/backup")]
    public IActionResult State() => CometReply.Ok(Write);

    [HttpPost("/admin/backup")]
    public IActionResult Begin() => backups.Begin() switch
    {
        BackupStart.Begun => CometReply.Ok(Write),
        BackupStart.Busy => Conflict(CometErrors.Busy, "A backup is being written already."),
        BackupStart.NoDatabase => Conflict(
            CometErrors.NoDatabase, "The log is not in a file of this server (Log:Kind), so there is nothing to back up here."),
        BackupStart.Stopping => CometReply.Error(CometErrors.Stopping).WithStatus(StatusCodes.Status503ServiceUnavailable),
        BackupStart other => throw new System.Diagnostics.UnreachableException(other.ToString()),
    };

    /// <summary>Cancels the running backup. Does nothing if none is running.</summary>
    [HttpPost("/admin/backup/cancel")]
    public IActionResult Cancel()
    {
        backups.Cancel();
        return CometReply.Ok(Write);
    }

    private static CometReply Conflict(string error, string reason) =>
        CometReply.Error(error, json => json.WriteString("reason"u8, reason)).WithStatus(StatusCodes.Status409Conflict);

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("possible"u8, backups.Folder is not null);
        json.WriteString("folder"u8, backups.Folder ?? "");
        json.WritePropertyName("last"u8);
        if (backups.Last is { } last)
            Write(json, last);
        else
            json.WriteNullValue();
        json.WriteStartArray("files"u8);
        foreach (KeptBackup file in backups.Files())
        {
            json.WriteStartObject();
            json.WriteString("name"u8, file.Name);
            json.WriteNumber("bytes"u8, file.Bytes);
            json.WriteString("at"u8, file.At.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BackupRun run)
    {
        BackupEnd? end = run.End;
        json.WriteStartObject();
        json.WriteString("state"u8, end switch
        {
            null => "running",
            { Result: not null } => "done",
            { Problem: not null } => "failed",
            _ => "cancelled",
        });
        json.WriteString("since"u8, run.Since.UtcDateTime);
        json.WriteString("step"u8, run.Progress.Step == LogBackupStep.Copying ? "copying"u8 : "checking"u8);
        json.WriteNumber("fraction"u8, Math.Round(run.Progress.Fraction, 3));
        if (end?.Result is { } result)
        {
            json.WriteString("name"u8, Path.GetFileName(result.File));
            json.WriteNumber("bytes"u8, result.Bytes);
            json.WriteNumber("entries"u8, result.Entries);
            json.WriteNumber("newest"u8, result.Newest);

            // The file gets its final name only after the copy has been read and verified.
            json.WriteBoolean("verified"u8, result.Problems == 0);
        }

        if ((end?.Problem ?? end?.Result?.FirstProblem) is { } problem)
            json.WriteString("problem"u8, problem);
        json.WriteEndObject();
    }
}
