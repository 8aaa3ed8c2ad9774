using BenchmarkDotNet.Running;
using ErlChat.Benchmarks.Support;

// Without arguments: everything, and the figures go to bench/results/micro. With arguments: what BenchmarkDotNet makes of them, and the figures are only shown.
var switcher = BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly);
if (args.Length > 0)
{
    switcher.Run(args, new MicroConfig());
    return 0;
}

var results = new Results();
return results.Write(switcher.RunAll(new MicroConfig())) ? 0 : 1;
