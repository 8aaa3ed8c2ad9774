using System.Text;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>The same bytes, whole and in pieces, to the fast lane and to the ordinary pipeline: the same answers, to the last byte.</summary>
public class DifferentialTests(ITestOutputHelper output)
{
    [Fact]
    public Task Both_ways_answer_the_same() => CompareAsync(10_000);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Both_ways_answer_the_same_a_hundred_thousand_times() => CompareAsync(120_000);

    private Task CompareAsync(int cases) => Seeds.RunAsync(async seed =>
    {
        await using TwoWays server = await TwoWays.StartAsync([.. ChatServerHost.NoLimits, "Chat:KeepAcknowledged=1000", "Chat:PollTimeout=00:00:02", "Chat:PollJitter=00:00:00"]);
        string token = (await server.Room.JoinAsync(new JoinRequest("alice", "127.0.0.1"))).Token!;
        for (int i = 0; i < 8; i++)
            await server.Submissions.SubmitAsync(new Submission(SessionKey.Of(token), i == 4 ? new string('ü', 1900) : $"line {i}"));
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) <= cases;)
            {
                var fuzz = new RequestFuzz(new Random(unchecked(seed * 31 + number)), token, server.Room.Epoch, server.Office.Head);
                List<byte[]> pieces = fuzz.Next();
                string asked = $"Case {number}, sent in {pieces.Count} pieces:\n{Encoding.Latin1.GetString([.. pieces.SelectMany(piece => piece)])}\n";
                try
                {
                    (string fast, string ordinary) = await server.AskAsync(pieces);
                    Assert.True(fast == ordinary, $"{asked}-- lane:\n{fast}\n-- ordinary:\n{ordinary}");
                }
                catch (TimeoutException e)
                {
                    throw new TimeoutException(asked, e);
                }
            }
        })));
        output.WriteLine($"seed {seed}: {cases} cases, {server.FromOrdinary} polls, of which {server.FromOrdinary - server.FromLane} never got as far as the ordinary pipeline behind the lane");

        // Otherwise this test compares the ordinary pipeline with itself.
        Assert.True(server.FromLane < server.FromOrdinary * 0.6, $"{server.FromLane} of {server.FromOrdinary}");
    });
}
