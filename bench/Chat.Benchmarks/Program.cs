using BenchmarkDotNet.Running;
using ErlChat.Benchmarks;
using ErlChat.Benchmarks.Support;

// Without arguments: runs everything and writes the figures to bench/results/micro. With "memory": prints what persons cost in memory. With
// other arguments: passes them to BenchmarkDotNet and only prints the figures.
if (args is ["memory"])
{
    PersonMemory.Run(Console.Out);
    return 0;
}

var switcher = BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly);
if (args.Length > 0)
{
    switcher.Run(args, new MicroConfig());
    return 0;
}

var results = new Results();
return results.Write(switcher.RunAll(new MicroConfig())) ? 0 : 1;
