using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Hosting;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>
/// Checks tries against the configured password: one at a time, each on a thread of its own, so that however many come the pool has its
/// threads and the chat its cores but one. Which is next, and how many in a minute, is <see cref="PasswordTries"/>' business.
/// </summary>
internal sealed partial class AdminPasswords : BackgroundService, IAdminPasswords
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly PasswordHash? _password;
    private readonly PasswordTries _tries;
    private readonly Admission _admission;
    private readonly ITimer _timer;
    private readonly ILogger<AdminPasswords> _logger;

    public AdminPasswords(
        IOptions<WebOptions> options, IOptions<AdminOptions> limits, Admission admission, TimeProvider time, ILogger<AdminPasswords> logger)
    {
        // A password in clear is hashed at once, with few rounds: whoever can read this memory can read the environment too.
        _password = options.Value.AdminPasswordHash is { } hash ? PasswordHash.Parse(hash)
            : options.Value.AdminPassword is { } clear ? PasswordHash.Create(clear, iterations: 1000)
            : null;
        _tries = new PasswordTries(limits.Value, time);
        _admission = admission;
        _timer = time.CreateTimer(
            static passwords => ((AdminPasswords)passwords!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _logger = logger;
    }

    /// <summary>Tries that wait.</summary>
    internal int Waiting => _tries.Count;

    public ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password)
    {
        if (_password is null)
            return new(new AdminCheck(AdminLogin.Off));
        PasswordTry added = _tries.Add(session, host, password);
        Wake();
        return new(CountedAsync(added));
    }

    public override void Dispose()
    {
        _timer.Dispose();
        _tries.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                TimeSpan pause;
                while (_tries.Next(out pause) is { } next)
                    next.TrySetResult(new AdminCheck(await LookAsync(next.Password)));
                _timer.Change(pause, Timeout.InfiniteTimeSpan);
                await _wake.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            _tries.Close();
        }
    }

    /// <summary>Who is refused at once has none left; who is refused later has waited for others.</summary>
    private async Task<AdminCheck> CountedAsync(PasswordTry added)
    {
        LimitScope scope = added.Task.IsCompleted ? LimitScope.Session : LimitScope.Server;
        AdminCheck check = await added.Task;
        if (check.Login == AdminLogin.TooManyTries)
            _admission.Note(new Limit(LimitKind.AdminTries, scope));
        return check;
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the server stopped.
        }
    }

    /// <summary>The hash, on a thread of its own.</summary>
    private async Task<AdminLogin> LookAsync(string password)
    {
        try
        {
            bool right = await Task.Factory.StartNew(
                () => _password!.Matches(password), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return right ? AdminLogin.Right : AdminLogin.Wrong;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug, or no thread to be had. The next try may do better; without this loop there would be none.
            Log.CheckFailed(_logger, e);
            return AdminLogin.Unavailable;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Error, "A password could not be checked.", EventName = "PasswordCheckFailed")]
        public static partial void CheckFailed(ILogger logger, Exception exception);
    }
}
