using System.Collections.Frozen;
using System.Globalization;

namespace ErlChat.Texts;

/// <summary>
/// The characters that nicks of any script are made of, from <c>letters.txt</c>, which <c>eng/letters.pl</c> generates: their scripts, and
/// what normalization and case folding make of them. The server's own copy of this data, since the framework has no scripts, and does not
/// normalize under <c>InvariantGlobalization</c>. Thread-safe.
/// </summary>
internal sealed class LetterTable
{
    private readonly List<(string Name, (int First, int Last)[] Ranges)> _scripts = [];

    private LetterTable()
    {
        using Stream file = typeof(LetterTable).Assembly.GetManifestResourceStream("ErlChat.Texts.letters.txt")!;
        using var reader = new StreamReader(file);
        var classes = new Dictionary<int, int>();
        var splits = new Dictionary<int, int[]>();
        var pairs = new Dictionary<(int, int), int>();
        var folds = new Dictionary<int, int[]>();
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#')
                continue;
            string[] halves = line.Split(": ");
            string[] keys = halves[0].Split(' ');
            switch (keys[0])
            {
                case "script":
                    _scripts.Add((keys[1], Ranges(halves[1])));
                    break;
                case "marks":
                    Marks = Ranges(halves[1]);
                    break;
                case "zeros":
                    Zeros = [.. Codes(halves[1])];
                    break;
                case "class":
                    foreach (int code in Codes(halves[1]))
                        classes.Add(code, int.Parse(keys[1], CultureInfo.InvariantCulture));
                    break;
                case "compose":
                    int mark = Code(keys[1]);
                    foreach (int[] pair in Codes(halves[1]).Chunk(2))
                    {
                        pairs.Add((pair[0], mark), pair[1]);
                        splits.Add(pair[1], [pair[0], mark]);
                    }

                    break;
                case "split":
                    foreach (int code in Codes(halves[1]))
                        splits.Add(code, [.. keys.Skip(1).Select(Code)]);
                    break;
                case "fold":
                    foreach (int code in Codes(halves[1]))
                        folds.Add(code, [.. keys.Skip(1).Select(Code)]);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(line);
            }
        }

        (Classes, Splits, Pairs, Folds) =
            (classes.ToFrozenDictionary(), splits.ToFrozenDictionary(), pairs.ToFrozenDictionary(), folds.ToFrozenDictionary());
    }

    internal static LetterTable Shared { get; } = new();

    /// <summary>The scripts; a character may belong to several. <c>Common</c> has the digits 0 to 9.</summary>
    internal IReadOnlyList<(string Name, (int First, int Last)[] Ranges)> Scripts => _scripts;

    /// <summary>Marks, which stand on or next to the letter before them.</summary>
    internal (int First, int Last)[] Marks { get; } = [];

    /// <summary>The zeros of all systems of decimal digits; nine more digits follow each.</summary>
    internal int[] Zeros { get; } = [];

    /// <summary>The canonical combining classes that are not 0.</summary>
    internal FrozenDictionary<int, int> Classes { get; }

    /// <summary>What a character stands for, if normalization takes it apart.</summary>
    internal FrozenDictionary<int, int[]> Splits { get; }

    /// <summary>What normalization makes of a character and the next one.</summary>
    internal FrozenDictionary<(int, int), int> Pairs { get; }

    /// <summary>Unicode's full case folding.</summary>
    internal FrozenDictionary<int, int[]> Folds { get; }

    /// <summary>Whether a character is in one of a few sorted ranges.</summary>
    internal static bool IsIn((int First, int Last)[] ranges, int code)
    {
        int low = 0;
        int high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (code > ranges[middle].Last)
                low = middle + 1;
            else if (code < ranges[middle].First)
                high = middle - 1;
            else
                return true;
        }

        return false;
    }

    private static (int First, int Last)[] Ranges(string text) =>
    [
        .. text.Split(' ').Select(static range => range.Split('-')).Select(static ends => (Code(ends[0]), Code(ends[^1]))),
    ];

    /// <summary>The single characters of a list, which may have ranges.</summary>
    private static IEnumerable<int> Codes(string text) =>
        text.Contains('-', StringComparison.Ordinal)
            ? Ranges(text).SelectMany(static range => Enumerable.Range(range.First, range.Last - range.First + 1))
            : text.Split(' ').Select(Code);

    private static int Code(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
