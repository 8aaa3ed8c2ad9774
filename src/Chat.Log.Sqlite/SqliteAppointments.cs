using ErlChat.Members;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.Members;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>Lets another program than the server appoint administrators, while a server may be running.</summary>
public static class SqliteAppointments
{
    /// <summary>Stores an appointment in the database, where the server finds it.</summary>
    /// <param name="path">The database.</param>
    /// <param name="appointment">The appointment.</param>
    /// <exception cref="IOException">
    /// There is no such database, it has another version, or it is locked by a third program. The message is one line for the operator.
    /// </exception>
    public static void Put(string path, Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        string real = RealPath.Of(path);
        if (!DatabaseFiles.Exists(real))
            throw new LogStartException($"{real} does not exist. Start the server first, so that there are members.");
        try
        {
            using SqliteConnection connection = FileConnection.Open(real, SqliteOpenMode.ReadWrite);
            Schema.IsThere(connection, real);
            if (SchemaUpgrade.VersionOf(connection) < Schema.WithInvitations)
                throw new LogStartException($"{real} is of an older version. Start the server once; it upgrades the database.");
            SqliteCredentials.PutAppointment(connection, appointment);
        }
        catch (SqliteException e)
        {
            throw new LogStartException($"{real} cannot be written: {e.Message}", e);
        }
    }
}
