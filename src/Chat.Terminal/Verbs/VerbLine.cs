using System.CommandLine;
using System.CommandLine.Parsing;

namespace ErlChat.Terminal.Verbs;

/// <summary>From the command line to a verb, with this program's exit codes.</summary>
internal static class VerbLine
{
    internal static Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(WithVerb(args));
        if (parsed.Errors.Count == 0)
            return parsed.InvokeAsync();
        foreach (ParseError error in parsed.Errors)
            Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine("--help lists the verbs and options.");
        return Task.FromResult(ExitCodes.Usage);
    }

    /// <summary>As in the seed, where the environment said all: no verb means chat.</summary>
    private static string[] WithVerb(string[] args) => args switch
    {
        [] => ["chat"],
        ["--help" or "-h" or "-?" or "/?" or "--version", ..] => args,
        [['-', ..], ..] => ["chat", .. args],
        _ => args,
    };
}
