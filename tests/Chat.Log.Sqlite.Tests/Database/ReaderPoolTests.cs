using System.Data;
using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>The connections that only read.</summary>
public sealed class ReaderPoolTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // It was neither used again nor closed, so that the file stayed open when the writer had to be sure that nobody has it.
    [Fact]
    public async Task A_connection_whose_reader_fails_is_closed()
    {
        _parts.OpenLog();
        SqliteConnection? used = null;
        await Assert.ThrowsAsync<InvalidDataException>(async () => await _parts.Database.Readers.UseAsync<int>(
            connection =>
            {
                used = connection;
                throw new InvalidDataException("A row that makes no sense.");
            },
            CancellationToken.None));
        Assert.Equal(ConnectionState.Closed, used!.State);
        Assert.Equal(1, await _parts.Database.Readers.UseAsync(connection => connection.Scalar<long>("SELECT 1"), CancellationToken.None));
    }

    // A reader that was busy while the index was made anew kept what it remembered of the old tables.
    [Fact]
    public async Task A_connection_in_use_when_all_are_renewed_is_not_used_again()
    {
        _parts.OpenLog();
        ReaderPool readers = _parts.Database.Readers;
        SqliteConnection used = await readers.UseAsync(
            connection =>
            {
                readers.Renew();
                return connection;
            },
            CancellationToken.None);
        Assert.Equal(ConnectionState.Closed, used.State);
        Assert.Same(
            await readers.UseAsync(connection => connection, CancellationToken.None),
            await readers.UseAsync(connection => connection, CancellationToken.None));
    }

    // Two at once each held some of the places, and waited for the others for ever.
    [Fact]
    public async Task All_may_be_closed_by_two_at_once()
    {
        _parts.OpenLog();
        ReaderPool readers = _parts.Database.Readers;
        Task Close() => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
                readers.CloseAll();
        });
        await Task.WhenAll(Close(), Close()).WithinAsync();
    }

    // A commit in doubt while the database was being closed threw on the writer's thread, which ends the process.
    [Fact]
    public async Task The_writer_may_close_the_readers_once_more_after_their_end()
    {
        _parts.OpenLog();
        ReaderPool readers = _parts.Database.Readers;
        readers.Dispose();
        readers.CloseAll();
        await Assert.ThrowsAsync<LogUnavailableException>(async () =>
            await readers.UseAsync(connection => connection.Scalar<long>("SELECT 1"), CancellationToken.None));
    }
}
