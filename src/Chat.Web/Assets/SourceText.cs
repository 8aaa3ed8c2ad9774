using System.Text;

namespace ErlChat.Web.Assets;

/// <summary>Scripts and style sheets as they go over the wire.</summary>
internal static class SourceText
{
    /// <summary>
    /// The text without the lines that are nothing but comment: they are for those who read the files, and a quarter of what would be
    /// transferred. Each leaves an empty line, so that line numbers stay true. Comments behind code stay, as telling those apart from text
    /// takes a parser.
    /// </summary>
    internal static byte[] WithoutComments(byte[] utf8)
    {
        string text = Encoding.UTF8.GetString(utf8);
        var kept = new StringBuilder(text.Length);
        bool inside = false;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> words = line.Trim();
            bool opens = !inside && words.StartsWith("/*");
            int end = words.IndexOf("*/");
            bool comment = (!inside && words.StartsWith("//")) || ((inside || opens) && (end < 0 || end == words.Length - 2));

            // The beginning of a comment that ends before code is gone already.
            if (!comment)
                kept.Append(inside ? words[(end + 2)..] : line);
            inside = (inside || (opens && comment)) && end < 0;
            kept.Append('\n');
        }

        return Encoding.UTF8.GetBytes(kept.ToString());
    }
}
