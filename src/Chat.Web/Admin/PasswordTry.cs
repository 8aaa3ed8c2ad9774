using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Admin;

/// <summary>
/// A password try that has not been answered yet. Continuations run on the thread pool, so that completing it never runs the caller's code.
/// </summary>
/// <param name="session">The session that tries.</param>
/// <param name="host">The address that the session tries from.</param>
/// <param name="password">The password as typed.</param>
/// <param name="since">The <see cref="TimeProvider.GetTimestamp"/> of its arrival.</param>
internal sealed class PasswordTry(SessionKey session, string host, string password, long since)
    : TaskCompletionSource<AdminCheck>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal SessionKey Session => session;

    internal string Host => host;

    internal string Password => password;

    internal long Since => since;
}
