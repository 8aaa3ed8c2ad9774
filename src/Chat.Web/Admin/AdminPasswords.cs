using ErlChat.Web.Hosting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>Checks the configured password, and after five failures of a host within a minute does not look at its tries for a minute.</summary>
internal sealed class AdminPasswords : IAdminPasswords
{
    private const int MaxFailures = 5;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Lock _creating = new();
    private readonly PasswordHash? _password;
    private readonly IMemoryCache _failures;
    private readonly TimeProvider _time;

    public AdminPasswords(IOptions<WebOptions> options, IMemoryCache failures, TimeProvider time)
    {
        // A password in clear is hashed at once, with few rounds: whoever can read this memory can read the environment too.
        _password = options.Value.AdminPasswordHash is { } hash ? PasswordHash.Parse(hash)
            : options.Value.AdminPassword is { } clear ? PasswordHash.Create(clear, iterations: 1000)
            : null;
        _failures = failures;
        _time = time;
    }

    public AdminLogin Check(string host, string password)
    {
        if (_password is null)
            return AdminLogin.Off;
        Attempts attempts = Of(host);

        // A try counts as failed until it has turned out right, so that tries at once are not more than those one after the other,
        // and nobody waits in line for another's slow hash.
        lock (attempts)
        {
            long now = _time.GetTimestamp();
            if (attempts.Failed > 0 && _time.GetElapsedTime(attempts.Since, now) >= s_window)
                attempts.Failed = 0;
            if (attempts.Failed >= MaxFailures)
                return AdminLogin.TooManyFailures;

            // The minute runs from the first failure, and for a full one from the fifth.
            if (attempts.Failed == 0 || attempts.Failed == MaxFailures - 1)
                attempts.Since = now;
            attempts.Failed++;
        }

        if (!_password.Matches(password))
            return AdminLogin.Wrong;
        lock (attempts)
            attempts.Failed = 0;
        return AdminLogin.Right;
    }

    private Attempts Of(string host)
    {
        // The cache may run the factory for two callers at once, and give each an entry of its own; one of them would count for nothing.
        lock (_creating)
        {
            return _failures.GetOrCreate((typeof(AdminPasswords), host), entry =>
            {
                entry.Size = 1;
                entry.SlidingExpiration = s_window * 2;
                return new Attempts();
            })!;
        }
    }

    private sealed class Attempts
    {
        internal int Failed;
        internal long Since;
    }
}
