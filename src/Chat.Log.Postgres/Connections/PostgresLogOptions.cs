using System.ComponentModel.DataAnnotations;
using ErlChat.Log;

namespace ErlChat.Postgres.Connections;

/// <summary>The log in PostgreSQL, configuration section <c>Log</c>. Checked when the server starts.</summary>
public sealed class PostgresLogOptions : StoredLogOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Log";

    /// <summary>
    /// How to reach the database: hosts, user, password and database as Npgsql writes them, such as
    /// <c>Host=db1,db2,db3;Username=chat;Password=…;Database=chat</c>. Name every host that may become the primary: the server finds out
    /// which one is.
    /// </summary>
    /// <value>None by default; required with <c>Log:Kind=Postgres</c>. Its password is never shown.</value>
    [ConnectionString]
    public string Connection { get; set; } = "";

    /// <summary>
    /// How long to wait for the database's answer to one append. Then the server gives up the connection, looks for the primary again and
    /// repeats the append.
    /// </summary>
    /// <value>500 ms to 1 min; 4 s by default, several times what a commit on a synchronous standby takes when that is busy.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long commands wait while the database cannot be reached. Then those that were not sent are refused, and new ones too until the
    /// database is back.
    /// </summary>
    /// <value>0 to 5 min; 3 s by default, which hides a restart or a planned switch of the primary.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RefuseAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many commands may wait for the database. More are refused.</summary>
    /// <value>1 to 1 000 000; 10 000 by default, some seconds of a busy chat.</value>
    [Range(1, 1_000_000)]
    public int MaxWaitingEntries { get; set; } = 10_000;

    /// <summary>
    /// How long a read of the history may take, except for searches, which have <c>Chat:SearchTimeout</c>. Then it is refused.
    /// </summary>
    /// <value>100 ms to 10 min; 5 s by default, some thousand times as long as a page of history takes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
