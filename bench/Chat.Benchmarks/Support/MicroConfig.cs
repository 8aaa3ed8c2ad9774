using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using Perfolizer.Horology;

namespace ErlChat.Benchmarks.Support;

/// <summary>One short job for all benchmarks, in a runtime configured like the server's (<c>Chat.Web.csproj</c>).</summary>
internal sealed class MicroConfig : ManualConfig
{
    internal MicroConfig()
    {
        AddJob(Job.Default
            .WithLaunchCount(1)
            .WithWarmupCount(5)
            .WithIterationCount(12)
            .WithIterationTime(TimeInterval.FromMilliseconds(250))
            .WithGcServer(false)
            .WithGcConcurrent(false)
            .WithEnvironmentVariable("DOTNET_TieredPGO", "0")
            .AsDefault());
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);

        // If the machine is also doing other work, the median is closer to the truth than the mean.
        AddColumn(StatisticColumn.Median);
        HideColumns(Column.StdDev, Column.RatioSD, Column.Gen0, Column.Gen1, Column.Gen2);
        AddLogger(ConsoleLogger.Default);
        WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "bench-micro"));
    }
}
