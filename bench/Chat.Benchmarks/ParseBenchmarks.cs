using System.Text;
using BenchmarkDotNet.Attributes;
using ErlChat.Benchmarks.Support;
using ErlChat.Protocol.Comet;
using ErlChat.Protocol.Flack;
using ErlChat.Web.FastLane;
using ErlChat.Web.Requests;

namespace ErlChat.Benchmarks;

/// <summary>
/// Parses what clients send: a browser's complete poll in the fast lane, head and target, once per delivery; the query of a poll in the
/// ordinary pipeline, where the framework has parsed the head; the form of a message; a flack message. The lane must allocate nothing.
/// </summary>
/// <remarks>These are different things. Their ratio to the lane's poll is only there to compare machines and commits.</remarks>
public class ParseBenchmarks
{
    private readonly byte[] _poll = Encoding.ASCII.GetBytes(Samples.PollOfBrowser.ReplaceLineEndings("\r\n"));
    private readonly string _query = Samples.Poll[Samples.Poll.IndexOf('?', StringComparison.Ordinal)..];
    private readonly byte[] _form = Encoding.ASCII.GetBytes(Samples.Form);
    private readonly byte[] _flack = Encoding.UTF8.GetBytes(Samples.FlackMessage);

    [GlobalSetup]
    public void Check()
    {
        if (LanePoll() != 123456 || PollQuery() != 123456 || Form() != 3 || FlackRecord() is not ChatMessageRequest)
            throw new InvalidOperationException("A sample is not understood.");
    }

    [Benchmark(Baseline = true)]
    public long LanePoll() =>
        RequestHead.TryRead(_poll, out RequestHead head) && WaitTarget.TryParse(head.Target, Samples.Epoch, out WaitQuery query)
            ? query.MessageId
            : -1;

    [Benchmark]
    public long PollQuery() => WaitQuery.Parse(_query, Samples.Epoch).MessageId;

    [Benchmark]
    public int Form() => FormFields.Parse(_form).Count;

    [Benchmark]
    public FlackRequest FlackRecord() => FlackRequestReader.Read(_flack);
}
