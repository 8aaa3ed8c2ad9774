using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>Knows whether a password is the administrators'. Thread-safe.</summary>
public interface IAdminPasswords
{
    /// <summary>
    /// Checks a password in a time that does not depend on how much of it is right. May wait for other tries; never on the caller's
    /// thread.
    /// </summary>
    /// <param name="session">Who tries, for counting.</param>
    /// <param name="host">From where, for counting (<see cref="HostAddress"/>).</param>
    /// <param name="password">As typed; empty when the command was not well-formed.</param>
    ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password);
}

/// <summary>How a password check came out.</summary>
/// <param name="Login">The result.</param>
/// <param name="Wait">How long until another try is looked at; only with <see cref="AdminLogin.TooManyTries"/>.</param>
public readonly record struct AdminCheck(AdminLogin Login, TimeSpan Wait = default);

/// <summary>What a password check found.</summary>
public enum AdminLogin
{
    /// <summary>No password is configured, so nobody can be an administrator.</summary>
    Off,

    /// <summary>It is the password.</summary>
    Right,

    /// <summary>It is not the password.</summary>
    Wrong,

    /// <summary>There were too many tries; the password was not looked at.</summary>
    TooManyTries,

    /// <summary>The server stops, or could not check it; the password was not looked at.</summary>
    Unavailable,
}
