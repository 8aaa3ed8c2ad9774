using ErlChat.Commands;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Testing;

/// <summary>Accepts one password; a test may change the answer.</summary>
public sealed class FixedAdminPasswords : IAdminPasswords
{
    /// <summary>The right password.</summary>
    public const string Password = "demopass";

    /// <summary>The result of every check; null to check the password.</summary>
    public AdminLogin? Answer { get; set; }

    public ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password) =>
        new(Answer is { } answer
            ? new AdminCheck(answer, TimeSpan.FromSeconds(12))
            : new AdminCheck(password == Password ? AdminLogin.Right : AdminLogin.Wrong));
}

/// <summary>Pages that a test can recognise.</summary>
public sealed class MarkedAdminPages : IAdminPages
{
    public string Info(SessionView user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return $"<info {user.Who.Nick}>";
    }

    public string Bans(IReadOnlyList<(Ban Ban, string TimeLeft)> bans)
    {
        ArgumentNullException.ThrowIfNull(bans);
        return $"<bans {string.Join(';', bans.Select(one => $"{one.Ban.Host ?? one.Ban.Nick}={one.TimeLeft}"))}>";
    }

    public string Acts(IReadOnlyList<Act> acts, int page, int pages)
    {
        ArgumentNullException.ThrowIfNull(acts);
        return $"<acts {acts.Count} {page}/{pages}>";
    }
}
