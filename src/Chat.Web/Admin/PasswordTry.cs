using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Admin;

/// <summary>
/// A password that somebody tries, until it is answered. Its answer goes to the pool: whoever gives it must not run the caller's code.
/// </summary>
/// <param name="session">Who.</param>
/// <param name="host">From where.</param>
/// <param name="password">As typed.</param>
/// <param name="since">When it came, as <see cref="TimeProvider.GetTimestamp"/> has it.</param>
internal sealed class PasswordTry(SessionKey session, string host, string password, long since)
    : TaskCompletionSource<AdminCheck>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal SessionKey Session => session;

    internal string Host => host;

    internal string Password => password;

    internal long Since => since;
}
