using System.Data;
using ErlChat.Sqlite;
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
