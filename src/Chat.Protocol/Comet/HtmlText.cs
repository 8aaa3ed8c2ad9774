using System.Text;

namespace ErlChat.Protocol.Comet;

/// <summary>The one place that turns plain text into HTML, for clients that insert system messages as HTML.</summary>
public static class HtmlText
{
    /// <summary>
    /// The text with <c>&amp; &lt; &gt; "</c> escaped and line breaks as <c>&lt;br&gt;</c>. For the content of elements, not for
    /// attributes.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAny("&<>\"\n") < 0)
            return text;
        var html = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                '\n' => html.Append("<br>"),
                _ => html.Append(c),
            };
        }

        return html.ToString();
    }
}
