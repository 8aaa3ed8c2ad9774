using ErlChat.Settings;
using Npgsql;

namespace ErlChat.Postgres.Connections;

/// <summary>Marks a connection string of Npgsql: passwords in it are not shown.</summary>
internal sealed class ConnectionStringAttribute : ShownAttribute
{
    public override string Show(string value, string mask)
    {
        // What cannot be read may be a password with a stray quotation mark.
        if (ConnectionSettings.ProblemOf(value) is not null)
            return mask;
        var settings = new NpgsqlConnectionStringBuilder(value);
        if (settings.Password is not null)
            settings.Password = mask;
        if (settings.SslPassword is not null)
            settings.SslPassword = mask;
        return settings.ConnectionString;
    }
}
