using BenchmarkDotNet.Attributes;
using ErlChat.Benchmarks.Support;
using ErlChat.Mailboxes;
using ErlChat.Web.Comet;
using ErlChat.Web.Flack;

namespace ErlChat.Benchmarks;

/// <summary>
/// A mail into the bytes of each wire, and the bytes of a mail that was encoded before. The first two are paid once a message, the third once a recipient: the reason why a
/// mail keeps its bytes.
/// </summary>
public class EncodeBenchmarks
{
    private readonly CometFormat _comet = new();
    private readonly FlackFormat _flack = new();
    private Mail _mail = null!;

    public enum Content
    {
        Said,
        Joined,
    }

    [ParamsAllValues]
    public Content Mail { get; set; }

    [GlobalSetup]
    public void Write() => _mail = new Mail(123456, Samples.At, Mail == Content.Said ? Samples.Said : Samples.Joined);

    [Benchmark(Baseline = true)]
    public byte[] Comet() => _comet.Encode(_mail);

    [Benchmark]
    public byte[] Flack() => _flack.Encode(_mail);

    [Benchmark]
    public byte[] EncodedBefore() => _mail.In(_comet);
}
