using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>Checks the administrators' password. Thread-safe.</summary>
public interface IAdminPasswords
{
    /// <summary>
    /// Checks a password in a time that does not depend on how much of it is right. May wait for other tries, but does not block the
    /// caller's thread.
    /// </summary>
    /// <param name="session">The session that tries, for counting.</param>
    /// <param name="host">The address that tries, for counting (<see cref="HostAddress"/>).</param>
    /// <param name="password">As typed; empty if the command was malformed.</param>
    ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password);
}

/// <summary>The result of a password check.</summary>
/// <param name="Login">The result.</param>
/// <param name="Wait">How long until another try is checked; only with <see cref="AdminLogin.TooManyTries"/>.</param>
public readonly record struct AdminCheck(AdminLogin Login, TimeSpan Wait = default);

/// <summary>The kinds of results of a password check.</summary>
public enum AdminLogin
{
    /// <summary>No password is configured, so there can be no administrators.</summary>
    Off,

    /// <summary>The password is right.</summary>
    Right,

    /// <summary>The password is wrong.</summary>
    Wrong,

    /// <summary>There were too many tries, so the password was not checked.</summary>
    TooManyTries,

    /// <summary>The server is stopping or could not check the password.</summary>
    Unavailable,
}
