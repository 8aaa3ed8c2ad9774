using System.Data;
using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>The read-only connections.</summary>
public sealed class ReaderPoolTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // It used to be neither reused nor closed, so the file stayed open when the writer needed it closed everywhere.
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

    // A reader that was busy while the index was rebuilt used to keep its cached view of the old tables.
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

    // Two concurrent callers used to hold some of the places each and wait for the others for ever.
    [Fact]
    public async Task Two_callers_can_close_all_connections_at_once()
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

    // A commit with an unclear outcome during the close used to throw on the writer's thread, which ends the process.
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
