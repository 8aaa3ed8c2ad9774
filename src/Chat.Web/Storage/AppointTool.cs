using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Postgres.Schema;
using ErlChat.Settings;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Log;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Storage;

/// <summary>
/// <c>make admin NICK=…</c>: makes a member an administrator. It leaves the wish in the store of credentials, from where the server takes
/// it, at once if it is running.
/// </summary>
internal static class AppointTool
{
    /// <summary>The word that begins the command line.</summary>
    internal const string Command = "admin";

    /// <param name="args">The nick, and then options as for the server.</param>
    /// <param name="compose">Reads and validates the options.</param>
    /// <param name="output">Gets what was done.</param>
    /// <param name="error">Gets what is wrong.</param>
    /// <returns>0 for success, 1 if it could not be done here, 2 if the command is wrong.</returns>
    internal static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> compose, TextWriter output, TextWriter error)
    {
        if (args is not [var first, .. var options] || first.StartsWith('-'))
        {
            await error.WriteLineAsync("admin needs the nick of a member: admin NICK");
            return 2;
        }

        await using WebApplication app = compose(options);
        ChatOptions limits = app.Services.GetRequiredService<IOptions<ChatOptions>>().Value;
        if (Nick.Read(first, limits, anyScript: true).Nick is not { } nick)
        {
            await error.WriteLineAsync($"{first} is not a nick.");
            return 2;
        }

        var appointment = new Appointment(nick, app.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        switch (LogSetup.KindOf(app.Configuration.GetSection(SqliteLogOptions.Section)))
        {
            case LogKind.Sqlite:
                string path = app.Services.GetRequiredService<IOptions<SqliteLogOptions>>().Value.Path;
                SqliteAppointments.Put(Path.GetFullPath(path, app.Environment.ContentRootPath), appointment);
                break;
            case LogKind.Postgres when await app.Services.GetRequiredService<IPostgresDatabase>().TryOpenAsync(CancellationToken.None):
                await app.Services.GetRequiredService<ICredentialStore>().PutAppointmentAsync(appointment);
                break;
            case LogKind.Postgres:
                await error.WriteLineAsync("The database cannot be opened.");
                return 1;
            default:
                await error.WriteLineAsync(
                    "The chat is in the memory of the server (Log:Kind=Memory), which no other program can change. Use /auth in the chat.");
                return 1;
        }

        await output.WriteLineAsync(
            $"{nick} is an administrator within seconds, or when the server starts within an hour, if {nick} is the nick of a member now.");
        return 0;
    }
}
