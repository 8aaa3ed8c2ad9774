using System.Text.Json;
using ErlChat.Tests;
using Npgsql;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>A node in a process of its own, whose log is rolled back under it.</summary>
public sealed class LogEndTests
{
    [Fact]
    public async Task A_node_whose_log_was_set_back_says_why_once_and_stops_so_that_it_is_started_again()
    {
        PostgresServer postgres = await PostgresServer.Shared;
        string database = postgres.ConnectionTo(await postgres.CreateDatabaseAsync());
        await using ServerProcess node = ServerProcess.LaunchNode("n1", database);
        using var http = new HttpClient { BaseAddress = (await node.ListeningAsync()).Address };
        using var form = new FormUrlEncodedContent([new("nick", "alice")]);
        using HttpResponseMessage login = await http.PostAsync(new Uri("/login/", UriKind.Relative), form);
        long next = (await AskAsync("/chat/start/")).GetProperty("response").GetInt64();
        Task<JsonElement> poll = AskAsync($"/chat/wait/?msg_id={next}");
        await Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System);
        Assert.False(poll.IsCompleted);

        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM lease WHERE name = 'History'"));
        await ScalarAsync("WITH gone AS (DELETE FROM entry RETURNING 1) SELECT count(*) FROM gone");
        Assert.True((await poll.WithinAsync()).GetProperty("stopping").GetBoolean());
        Assert.Equal(1, await node.ExitAsync());
        Assert.Single(node.Output, line => line.Contains("but this node has applied 1: ", StringComparison.Ordinal));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM node WHERE closed AND stopped"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM snapshot"));

        async Task<JsonElement> AskAsync(string path)
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        }

        async Task<long> ScalarAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
