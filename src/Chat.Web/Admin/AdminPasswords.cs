using ErlChat.Web.Hosting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>Checks the configured password, and after five failures of a host within a minute does not look at its tries for a minute.</summary>
internal sealed class AdminPasswords : IAdminPasswords
{
    private const int MaxFailures = 5;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

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
        Attempts attempts = _failures.GetOrCreate((typeof(AdminPasswords), host), entry =>
        {
            entry.Size = 1;
            entry.SlidingExpiration = s_window * 2;
            return new Attempts();
        })!;
        lock (attempts)
        {
            long now = _time.GetTimestamp();
            if (attempts.Failed > 0 && _time.GetElapsedTime(attempts.Since, now) >= s_window)
                attempts.Failed = 0;
            if (attempts.Failed >= MaxFailures)
                return AdminLogin.TooManyFailures;
            if (_password.Matches(password))
            {
                attempts.Failed = 0;
                return AdminLogin.Right;
            }

            // The minute runs from the first failure, and for a full one from the fifth.
            if (attempts.Failed == 0 || attempts.Failed == MaxFailures - 1)
                attempts.Since = now;
            attempts.Failed++;
            return AdminLogin.Wrong;
        }
    }

    private sealed class Attempts
    {
        internal int Failed;
        internal long Since;
    }
}
