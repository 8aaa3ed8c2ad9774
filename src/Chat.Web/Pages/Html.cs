using System.Buffers;
using System.Text;

namespace ErlChat.Web.Pages;

/// <summary>
/// Markup that a template writes unchanged. Everything else is escaped, so code that creates an instance is responsible for every character
/// in it. Only <see cref="Templates"/> does: the body of a page is the output of another template.
/// </summary>
internal sealed class Html(string markup)
{
    private static readonly SearchValues<char> s_special = SearchValues.Create("&<>\"'`=");

    internal string Markup { get; } = markup;

    /// <summary>Escapes text for use in an element or a quoted attribute value.</summary>
    internal static string Escape(string text)
    {
        int next = text.AsSpan().IndexOfAny(s_special);
        if (next < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 32);
        ReadOnlySpan<char> rest = text;
        for (; next >= 0; next = rest.IndexOfAny(s_special))
        {
            escaped.Append(rest[..next]).Append(Reference(rest[next]));
            rest = rest[(next + 1)..];
        }

        return escaped.Append(rest).ToString();
    }

    private static string Reference(char special) => special switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#x27;",
        '`' => "&#x60;",
        _ => "&#x3D;",
    };
}
