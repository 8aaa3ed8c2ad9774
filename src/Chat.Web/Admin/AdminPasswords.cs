using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Passwords;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>Checks tries against the configured password, in a queue of the <see cref="PasswordGate"/>.</summary>
internal sealed class AdminPasswords : IAdminPasswords
{
    private readonly PasswordHash? _password;
    private readonly PasswordGate _gate;
    private readonly PasswordTries _tries;

    public AdminPasswords(IOptions<AdminOptions> options, PasswordGate gate)
    {
        // A plain-text password is hashed at once. A few rounds are enough: an attacker who can read this memory can read the environment
        // too.
        _password = options.Value.AdminPasswordHash is { } hash ? PasswordHash.Parse(hash)
            : options.Value.AdminPassword is { } clear ? PasswordHash.Create(clear, iterations: 1000)
            : null;
        _gate = gate;
        _tries = gate.Open(LimitsOf(options.Value));
    }

    /// <summary>Whether the server has no administrators' password, so that every try is refused.</summary>
    internal bool AreOff => _password is null;

    public async ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password)
    {
        if (_password is null)
            return new AdminCheck(AdminLogin.Off);
        bool right = false;
        TryAnswer answer = await _gate.RunAsync(_tries, session, host, () => right = _password.Matches(password));
        return answer.End switch
        {
            TryEnd.Done => new AdminCheck(right ? AdminLogin.Right : AdminLogin.Wrong),
            TryEnd.TooMany => new AdminCheck(AdminLogin.TooManyTries, answer.Wait),
            _ => new AdminCheck(AdminLogin.Unavailable),
        };
    }

    internal static TryLimits LimitsOf(AdminOptions options) => new(
        LimitKind.AdminTries,
        options.AdminTriesPerSession,
        options.AdminTriesPerAddress,
        options.AdminTriesPerServer,
        options.AdminTriesWaiting,
        options.AdminTryPatience);
}
