using ErlChat.LogBench;

// Runs all parts, or those that are named: append, say, start, million.
string[] parts = args.Length > 0 ? args : ["append", "say", "start", "million"];
string folder = Path.Combine(Path.GetTempPath(), $"erlchat-bench-{Environment.ProcessId}");
Directory.CreateDirectory(folder);
try
{
    if (parts.Contains("append"))
        await AppendBench.RunAsync(folder);
    if (parts.Contains("say"))
        await SayBench.RunAsync(folder);
    if (parts.Contains("start"))
        await StartBench.RunAsync(folder);
    if (parts.Contains("million"))
        await MillionBench.RunAsync(folder);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
