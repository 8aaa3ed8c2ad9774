using System.Text;

namespace ErlChat.Web.Assets;

/// <summary>Prepares scripts and style sheets for sending.</summary>
internal static class SourceText
{
    /// <summary>
    /// Removes lines that contain only comments, which would be a quarter of the transfer. Each leaves an empty line, so that line numbers
    /// stay the same. Comments after code stay, because telling them apart from strings would take a parser.
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

            // If a comment ends on this line and code follows, only the code is kept.
            if (!comment)
                kept.Append(inside ? words[(end + 2)..] : line);
            inside = (inside || (opens && comment)) && end < 0;
            kept.Append('\n');
        }

        return Encoding.UTF8.GetBytes(kept.ToString());
    }
}
