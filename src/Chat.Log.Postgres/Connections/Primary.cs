using System.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ErlChat.Postgres.Connections;

/// <summary>Finds the primary among the database's hosts and opens connections to it.</summary>
/// <remarks>
/// <para>
/// Thread-safe. A host may call itself primary after another has been promoted, because nobody could tell it. So all hosts are asked at
/// once, the one with the highest timeline is taken, and none with a lower timeline than this process has seen.
/// </para>
/// <para>
/// A commit that waits for the synchronous standby must never be cancelled: PostgreSQL would report success for what may exist on the
/// primary alone. So no statement has a timeout or a cancellation token. The caller stops waiting instead, and drops the connection.
/// </para>
/// </remarks>
internal sealed partial class Primary : IAsyncDisposable
{
    /// <summary>How long to wait for the other hosts after the first one has said that it is the primary.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private readonly IReadOnlyList<DatabaseHost> _hosts;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger<Primary> _logger;
    private readonly Lock _gate = new();
    private (DatabaseHost? Host, int Timeline) _newest;

    internal Primary(IOptions<PostgresLogOptions> options, TimeProvider time, ILogger<Primary> logger)
    {
        (_answerTimeout, _time, _logger) = (options.Value.AnswerTimeout, time, logger);
        _hosts = DatabaseHost.Of(options.Value.Connection);
    }

    /// <summary>The highest timeline that this process has seen; 0 before the first connection.</summary>
    internal int Timeline
    {
        get
        {
            lock (_gate)
                return _newest.Timeline;
        }
    }

    /// <summary>Opens a connection that the caller keeps until something is wrong with it.</summary>
    /// <exception cref="DatabaseAwayException">No host is the primary, or none can be reached.</exception>
    /// <exception cref="DatabaseRefusedException">Every host that answered refuses the user, or has no such database.</exception>
    internal async Task<PrimaryConnection> OpenAsync(CancellationToken cancellationToken)
    {
        List<Task<Answer>> asked = [.. _hosts.Select(host => host.AskAsync(_answerTimeout, _time, cancellationToken))];
        Answer best = default;
        Task? patience = null;
        var problems = new List<Exception>();
        while (asked.Count > 0)
        {
            Task done = await Task.WhenAny(patience is null ? asked : [.. asked, patience]);
            if (done == patience)
                break;
            var answered = (Task<Answer>)done;
            asked.Remove(answered);
            try
            {
                Answer answer = await answered;
                if (answer.Connection is null)
                    continue;
                if (answer.Timeline > best.Timeline)
                    (best, answer) = (answer, best);
                answer.Host?.Drop(answer.Connection);
                patience ??= Task.Delay(s_patience, _time, cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                problems.Add(e);
            }
        }

        foreach (Task<Answer> late in asked)
            _ = DropAsync(late);
        cancellationToken.ThrowIfCancellationRequested();
        return best is { Host: { } host, Connection: { } connection } ? Take(host, connection, best.Timeline) : throw Away(problems);
    }

    /// <summary>Does a short piece of work with a connection from a pool.</summary>
    /// <param name="work">
    /// Must not give a token to a statement that commits something. Another exception than the database's leaves the connection in use.
    /// </param>
    /// <param name="answerTimeout">How long to wait for it; null for as long as an append may take.</param>
    /// <inheritdoc cref="OpenAsync"/>
    internal async Task<T> UseAsync<T>(
        Func<NpgsqlConnection, Task<T>> work,
        CancellationToken cancellationToken,
        TimeSpan? answerTimeout = null)
    {
        DatabaseHost host = Newest() ?? await FindAsync(cancellationToken);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await host.Pool.OpenConnectionAsync(cancellationToken);
            T result = await AnswerAsync(work(connection), host.Name, answerTimeout);
            await connection.DisposeAsync();
            return result;
        }
        catch (PostgresException e) when (
            connection is { State: ConnectionState.Open } && e.SqlState != PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            await connection.DisposeAsync();
            throw;
        }
        catch (Exception e)
        {
            host.Drop(connection);
            if (e is not (NpgsqlException or IOException or TimeoutException))
                throw;
            Forget(host);
            throw e as DatabaseAwayException ?? new DatabaseAwayException($"{host.Name}: {e.Message}", e);
        }
    }

    /// <summary>Awaits a statement for so long and no longer. The statement is left alone; its connection must be dropped.</summary>
    internal async Task<T> AnswerAsync<T>(
        Task<T> statement,
        string host,
        TimeSpan? answerTimeout = null,
        CancellationToken cancellationToken = default)
    {
        TimeSpan limit = answerTimeout ?? _answerTimeout;
        try
        {
            return await statement.WaitAsync(limit, _time, cancellationToken);
        }
        catch (Exception e) when (!statement.IsCompleted)
        {
            _ = statement.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            if (e is TimeoutException)
                throw new DatabaseAwayException($"no answer from {host} within {limit.TotalSeconds} s", e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (DatabaseHost host in _hosts)
            await host.DisposeAsync();
    }

    private static async Task DropAsync(Task<Answer> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (late.IsCompletedSuccessfully)
            (await late).Host?.Drop((await late).Connection);
        else
            _ = late.Exception;
    }

    private static IOException Away(List<Exception> problems)
    {
        if (problems.Count > 0 && problems.TrueForAll(DatabaseHost.IsRefusal))
        {
            string reason = ((PostgresException)problems[0]).MessageText;
            return new DatabaseRefusedException($"The database refuses the connection (Log:Connection): {reason}.", problems[0]);
        }

        return problems.Count == 0
            ? new DatabaseAwayException("no host is the primary")
            : new DatabaseAwayException(problems[0].Message.TrimEnd('.'), problems[0]);
    }

    private DatabaseHost? Newest()
    {
        lock (_gate)
            return _newest.Host;
    }

    private void Forget(DatabaseHost host)
    {
        lock (_gate)
        {
            if (_newest.Host == host)
                _newest.Host = null;
        }
    }

    private async Task<DatabaseHost> FindAsync(CancellationToken cancellationToken)
    {
        using PrimaryConnection found = await OpenAsync(cancellationToken);
        return Newest() ?? throw new DatabaseAwayException($"{found.Host} is not the primary any more");
    }

    private PrimaryConnection Take(DatabaseHost host, NpgsqlConnection connection, int timeline)
    {
        int seen;
        DatabaseHost? before;
        lock (_gate)
        {
            (before, seen) = _newest;
            if (timeline >= seen)
                _newest = (host, timeline);
        }

        if (timeline < seen)
        {
            host.Drop(connection);
            throw new DatabaseAwayException($"{host.Name} was the primary before another one (timeline {timeline}, not {seen})");
        }

        if (before != host || seen != timeline)
        {
            // What the pools still have may be connections of a primary of the past.
            foreach (DatabaseHost one in _hosts)
                one.Pool.Clear();
            Log.Found(_logger, host.Name, timeline);
        }

        return new PrimaryConnection(this, host, connection, timeline);
    }

    private static partial class Log
    {
        [LoggerMessage(603, LogLevel.Information, "The database's primary is {Host}, timeline {Timeline}.", EventName = "PrimaryFound")]
        public static partial void Found(ILogger logger, string host, int timeline);
    }
}

/// <summary>What a host said.</summary>
/// <param name="Connection">To the host; null if it is a standby.</param>
internal readonly record struct Answer(DatabaseHost? Host, NpgsqlConnection? Connection, int Timeline);
