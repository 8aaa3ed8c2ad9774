using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>Races between the lane, the transport and the ordinary pipeline, each brought about deliberately.</summary>
public class LaneConnectionTests
{
    private const string Other = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

    // Kestrel cancels its read when the server stops or the client was quiet for too long. If a request arrives at that moment, Kestrel
    // takes it together with the cancelled read. Previously, the lane did not record the length of that request, and answered the poll in
    // its body.
    [Fact]
    public async Task A_body_after_a_cancelled_read_is_not_taken_for_a_request()
    {
        await using OneLane lane = await OneLane.StartAsync();
        await lane.SayAsync(Other);
        await lane.RunAsync(async input =>
        {
            await TakeAsync(input, Other.Length);
            string head = $"POST /chat/send_msg/ HTTP/1.1\r\nHost: h\r\nContent-Length: {OneLane.Poll.Length}\r\n\r\n";
            await lane.SayAsync(head + OneLane.Poll);
            input.CancelPendingRead();
            Assert.Equal(head, await TakeAsync(input, head.Length));
            Assert.Equal(OneLane.Poll, await TakeAsync(input, OneLane.Poll.Length));
            Assert.Equal("", lane.Answers());
        }).WithinAsync();
    }

    [Fact]
    public async Task A_body_after_a_read_that_did_not_wait_is_not_taken_for_a_request()
    {
        await using OneLane lane = await OneLane.StartAsync();
        await lane.SayAsync(Other);
        await lane.RunAsync(async input =>
        {
            await TakeAsync(input, Other.Length);
            string head = $"POST /chat/send_msg/ HTTP/1.1\r\nHost: h\r\nContent-Length: {OneLane.Poll.Length}\r\n\r\n";
            await lane.SayAsync(head + OneLane.Poll);
            Assert.True(input.TryRead(out ReadResult read));
            input.AdvanceTo(read.Buffer.GetPosition(head.Length));
            Assert.Equal(OneLane.Poll, await TakeAsync(input, OneLane.Poll.Length));
            Assert.Equal("", lane.Answers());
        }).WithinAsync();
    }

    [Fact]
    public async Task After_a_request_with_a_body_polls_are_served_again()
    {
        await using OneLane lane = await OneLane.StartAsync();
        string other = $"POST /chat/send_msg/ HTTP/1.1\r\nHost: h\r\nContent-Length: {OneLane.Poll.Length}\r\n\r\n{OneLane.Poll}";
        await lane.SayAsync(other + OneLane.Poll + Other);
        int met = 0;
        await lane.RunAsync(async input =>
        {
            if (met++ == 0)
            {
                // In two steps, as the ordinary pipeline does: first the head, then the body. After that it is told that there is no more.
                await TakeAsync(input, other.Length - OneLane.Poll.Length);
                Assert.Equal(OneLane.Poll, await TakeAsync(input, OneLane.Poll.Length));
                Assert.Equal("", lane.Answers());
                ReadResult end = await input.ReadAsync();
                Assert.True(end.IsCompleted && end.Buffer.IsEmpty);
                input.AdvanceTo(end.Buffer.Start, end.Buffer.End);
            }
            else
            {
                Assert.Equal(Other, await TakeAsync(input, Other.Length));
                Assert.Contains("bad_session", lane.Answers(), StringComparison.Ordinal);
            }
        }).WithinAsync();
        Assert.Equal(2, met);
    }

    [Fact]
    public async Task A_reader_after_the_lane_continues_on_a_pool_thread()
    {
        await using OneLane lane = await OneLane.StartAsync();
        Task<Thread> behind = await lane.StartPipelineReaderAsync();
        await OneLane.OnSocketThreadAsync(() => lane.SayAsync(Other).GetAwaiter().GetResult());
        Assert.True((await behind.WithinAsync()).IsThreadPoolThread);
    }

    // Previously, thousands of polls that arrived together after other requests each waited for a pool thread while holding a buffer. 4 KB
    // for each of them stayed in memory.
    [Fact]
    public async Task A_poll_that_ends_the_ordinary_pipeline_is_served_by_the_thread_that_read_it()
    {
        await using OneLane lane = await OneLane.StartAsync();
        Task<Thread> behind = await lane.StartPipelineReaderAsync();
        Thread reader = await OneLane.OnSocketThreadAsync(() => lane.SayAsync(OneLane.Poll).GetAwaiter().GetResult());
        Assert.Equal(reader, await behind.WithinAsync());
        await Eventually.BeTrueAsync(() => lane.Answers().Contains("bad_session", StringComparison.Ordinal));
    }

    // Previously, the code continued on the thread that saw the client read something, and there may be only one such thread.
    [Fact]
    public async Task A_flush_that_waited_for_the_client_to_read_continues_on_a_pool_thread()
    {
        await using OneLane lane = await OneLane.StartAsync(mostUnread: 100);
        var waits = new TaskCompletionSource<Task<Thread>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await lane.SayAsync(Other);
        Task run = lane.RunBothWaysAsync(async pipes =>
        {
            Task<FlushResult> writing = pipes.Output.WriteAsync(new byte[1000]).AsTask();
            waits.SetResult(OneLane.ContinuationThreadAsync(writing));
            await writing;
        });
        Task<Thread> behind = await waits.Task.WithinAsync();
        Assert.False(behind.IsCompleted);
        await OneLane.OnSocketThreadAsync(() => lane.Answers());
        Assert.True((await behind.WithinAsync()).IsThreadPoolThread);
        await run.WithinAsync();
    }

    // A poll may take longer than the time a client has to read its answer.
    [Fact]
    public async Task A_client_that_was_slow_with_one_answer_has_the_full_time_for_the_next()
    {
        await using OneLane lane = await OneLane.StartAsync(mostUnread: 100);
        lane.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = lane.RunAsync();
        await lane.SayAsync(OneLane.Poll);
        lane.Clock.Advance(lane.SendTimeout - TimeSpan.FromSeconds(1));
        lane.Beat();
        Assert.NotEqual("", lane.Answers());
        await lane.SayAsync(OneLane.Poll);
        lane.Clock.Advance(lane.SendTimeout - TimeSpan.FromSeconds(1));
        lane.Beat();
        Assert.Null(lane.Aborted);
    }

    // When a client drops off the network, the connection is neither reset nor aborted: the socket's error arrives directly. Previously, it
    // was logged as an unhandled exception of the server.
    [Theory]
    [InlineData(SocketError.TimedOut)]
    [InlineData(SocketError.HostUnreachable)]
    public async Task A_client_that_drops_off_the_network_is_not_an_error(SocketError error)
    {
        await using OneLane lane = await OneLane.StartAsync();
        Task run = lane.RunAsync();
        await lane.SayAsync(OneLane.Poll);
        lane.CompleteInput(new SocketException((int)error));
        await run.WithinAsync();
    }

    // The transport sends what is left before it closes. Previously, nothing checked at that point whether the client reads it, and the
    // connection could hang for ever.
    [Theory]
    [InlineData("")]
    [InlineData(Other)]
    public async Task A_client_that_does_not_read_its_last_answer_is_disconnected(string last)
    {
        await using OneLane lane = await OneLane.StartAsync();
        lane.Clock.Advance(TimeSpan.FromSeconds(1));
        Task run = lane.RunAsync();
        await lane.SayAsync(OneLane.Poll + last);
        lane.CompleteInput();
        await run.WithinAsync();
        lane.Beat();
        Assert.Null(lane.Aborted);
        lane.Clock.Advance(lane.SendTimeout);
        lane.Beat();
        Assert.NotNull(lane.Aborted);
    }

    // Previously, the poll was left to the ordinary pipeline, which reads nothing more once the connection is about to close. The client
    // never got an answer.
    [Fact]
    public async Task A_poll_that_arrived_before_the_connection_closes_is_answered_as_the_last()
    {
        await using OneLane lane = await OneLane.StartAsync();
        await lane.SayAsync(OneLane.Poll + OneLane.Poll);
        lane.RequestClose();
        await lane.RunAsync(static _ => throw new InvalidOperationException("Nothing is left for the ordinary pipeline.")).WithinAsync();
        string answers = lane.Answers();
        Assert.Contains("bad_session", answers, StringComparison.Ordinal);
        Assert.Single(answers.Split("Connection: close"), static part => part.Contains("HTTP/1.1 200", StringComparison.Ordinal));
    }

    // A request that is not for the lane is left to the ordinary pipeline.
    [Fact]
    public async Task Any_other_request_before_the_close_is_left_to_the_ordinary_pipeline()
    {
        await using OneLane lane = await OneLane.StartAsync();
        await lane.SayAsync(Other + OneLane.Poll);
        lane.RequestClose();
        int met = 0;
        await lane.RunAsync(async input =>
        {
            met++;
            Assert.Equal(Other + OneLane.Poll, await TakeAsync(input, Other.Length + OneLane.Poll.Length));
        }).WithinAsync();
        Assert.Equal(1, met);
        Assert.Equal("", lane.Answers());
    }

    [Fact]
    public async Task A_client_that_sends_nothing_is_disconnected_and_one_that_waits_is_not()
    {
        await using OneLane lane = await OneLane.StartAsync();
        lane.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = lane.RunAsync();
        lane.Clock.Advance(lane.KeepAlive - TimeSpan.FromSeconds(1));
        lane.Beat();
        Assert.Null(lane.Aborted);
        await lane.SayAsync(OneLane.Poll);
        await Eventually.BeTrueAsync(() => lane.Answers() != "");
        lane.Clock.Advance(lane.KeepAlive - TimeSpan.FromSeconds(1));
        lane.Beat();
        Assert.Null(lane.Aborted);
        lane.Clock.Advance(TimeSpan.FromSeconds(1));
        lane.Beat();
        Assert.NotNull(lane.Aborted);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_answers_is_disconnected()
    {
        await using OneLane lane = await OneLane.StartAsync(mostUnread: 100);
        lane.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = lane.RunAsync();
        await lane.SayAsync(OneLane.Poll);
        lane.Clock.Advance(lane.SendTimeout);
        lane.Beat();
        Assert.NotNull(lane.Aborted);
    }

    // A poll is woken by a thread that completes hundreds of polls one after the other, and for each of them the lane also serves what its
    // client has sent in the meantime. Previously, a client with thousands of pipelined polls kept the others waiting.
    [Fact]
    public async Task A_long_pipeline_does_not_occupy_the_thread()
    {
        const int Polls = 10_000;
        await using OneLane lane = await OneLane.StartAsync(mostUnread: 0);
        await lane.SayAsync(string.Concat(Enumerable.Repeat(OneLane.Poll, 1000)));
        Task run = lane.RunAsync();
        string answers = lane.Answers();
        Assert.InRange(Count(answers), 1, 900);
        for (int i = 1000; i < Polls; i += 1000)
            await lane.SayAsync(string.Concat(Enumerable.Repeat(OneLane.Poll, 1000)));
        lane.CompleteInput();
        await run.WithinAsync();
        Assert.Equal(Polls, Count(answers + lane.Answers()));

        static int Count(string answers) => answers.Split("HTTP/1.1 200").Length - 1;
    }

    /// <summary>Reads until the given number of bytes has arrived, and consumes them.</summary>
    private static async Task<string> TakeAsync(PipeReader input, int count)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            if (read.Buffer.Length >= count)
            {
                ReadOnlySequence<byte> taken = read.Buffer.Slice(0, count);
                string text = Encoding.Latin1.GetString(taken.ToArray());
                input.AdvanceTo(taken.End);
                return text;
            }

            Assert.False(read.IsCompleted, "The rest is missing.");
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
