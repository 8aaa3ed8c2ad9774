using ErlChat.Sessions;

namespace ErlChat.Web.Passwords;

/// <summary>
/// A password try that has not been answered yet. Continuations run on the thread pool, so that completing it never runs the caller's code.
/// </summary>
/// <param name="trier">Who tries: a session, or a hash of the person whose password it is and the address that tries it.</param>
/// <param name="person">A hash of that person; null if the tries of a person are not counted.</param>
/// <param name="host">The address that tries.</param>
/// <param name="work">Computes the hash.</param>
/// <param name="since">The <see cref="TimeProvider.GetTimestamp"/> of its arrival.</param>
internal sealed class PasswordTry(SessionKey trier, SessionKey? person, string host, Action work, long since)
    : TaskCompletionSource<TryAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal SessionKey Trier => trier;

    internal SessionKey? Person => person;

    internal string Host => host;

    internal Action Work => work;

    internal long Since => since;
}

/// <summary>What became of a try.</summary>
/// <param name="End">Whether its work was done.</param>
/// <param name="Wait">How long until another try is allowed; only with <see cref="TryEnd.TooMany"/>.</param>
internal readonly record struct TryAnswer(TryEnd End, TimeSpan Wait = default);

/// <summary>The ends of a try.</summary>
internal enum TryEnd
{
    /// <summary>Its work was done.</summary>
    Done,

    /// <summary>There were too many tries.</summary>
    TooMany,

    /// <summary>The server is stopping, or the work failed.</summary>
    Unavailable,
}
