using ErlChat.Limits;
using ErlChat.Nodes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>
/// Checks tries against the configured password. It checks one at a time, each on a dedicated thread. However many tries arrive, the thread
/// pool keeps its threads and the chat loses at most one core. <see cref="PasswordTries"/> decides which try is next and how many are
/// checked per minute.
/// </summary>
/// <remarks>In a chat of several nodes, each tells the others which sessions have tried, and charges those of the others.</remarks>
internal sealed partial class AdminPasswords : BackgroundService, IAdminPasswords
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly PasswordHash? _password;
    private readonly PasswordTries _tries;
    private readonly SharedTries? _shared;
    private readonly Admission _admission;
    private readonly ITimer _timer;
    private readonly ILogger<AdminPasswords> _logger;

    public AdminPasswords(
        IOptions<AdminOptions> options,
        Admission admission,
        TimeProvider time,
        ILogger<AdminPasswords> logger,
        SharedTries? shared = null)
    {
        // A plain-text password is hashed at once. A few rounds are enough: an attacker who can read this memory can read the environment
        // too.
        _password = options.Value.AdminPasswordHash is { } hash ? PasswordHash.Parse(hash)
            : options.Value.AdminPassword is { } clear ? PasswordHash.Create(clear, iterations: 1000)
            : null;
        _tries = new PasswordTries(options.Value, time);
        _admission = admission;
        _shared = shared;
        if (shared is not null)
            shared.Heard += _tries.Charge;
        _timer = time.CreateTimer(
            static passwords => ((AdminPasswords)passwords!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _logger = logger;
    }

    /// <summary>Whether the server has no administrators' password, so that every try is refused.</summary>
    internal bool AreOff => _password is null;

    /// <summary>How many tries are waiting.</summary>
    internal int Waiting => _tries.Count;

    public ValueTask<AdminCheck> CheckAsync(SessionKey session, string host, string password)
    {
        if (_password is null)
            return new(new AdminCheck(AdminLogin.Off));
        PasswordTry added = _tries.Add(session, host, password);
        Wake();
        return new(CountRefusalAsync(added));
    }

    public override void Dispose()
    {
        if (_shared is not null)
            _shared.Heard -= _tries.Charge;
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
                {
                    _shared?.Add(next.Session);
                    next.TrySetResult(new AdminCheck(await CompareAsync(next.Password)));
                }

                _timer.Change(pause, Timeout.InfiniteTimeSpan);
                await _wake.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
        finally
        {
            _tries.Close();
        }
    }

    /// <summary>
    /// Counts a refusal. A try that is refused at once had exceeded its session's limit; one that is refused later had waited behind
    /// others.
    /// </summary>
    private async Task<AdminCheck> CountRefusalAsync(PasswordTry added)
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

    /// <summary>Computes and compares the hash on a dedicated thread.</summary>
    private async Task<AdminLogin> CompareAsync(string password)
    {
        try
        {
            bool right = await Task.Factory.StartNew(
                () => _password!.Matches(password), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return right ? AdminLogin.Right : AdminLogin.Wrong;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug, or no thread could be started. The next try may succeed, so the loop has to survive this.
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
