using System.Globalization;
using ErlChat.LogBench;

// Runs all parts, or those that are named: append, say, start, million. A number sets how many messages "million" has.
int messages = args.Select(static arg => int.TryParse(arg, CultureInfo.InvariantCulture, out int number) ? number : 0).Append(0).Max();
string[] parts = [.. args.Where(static arg => !char.IsAsciiDigit(arg[0]))];
parts = parts.Length > 0 ? parts : ["append", "say", "start", "million"];
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
        await MillionBench.RunAsync(folder, messages > 0 ? messages : MillionBench.Million);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
