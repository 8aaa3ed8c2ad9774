using System.ComponentModel.DataAnnotations;

namespace ErlChat.Nodes;

/// <summary>
/// How this node presents itself to the others of the same chat; configuration section <c>Node</c>. Checked when the server starts.
/// </summary>
public sealed class NodeOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Node";

    /// <summary>The shortest <see cref="Cookie"/>.</summary>
    public const int MinCookieLength = 16;

    /// <summary>The longest <see cref="Cookie"/>.</summary>
    public const int MaxCookieLength = 256;

    /// <summary>The node's name, which survives restarts. Two living nodes of a chat never have the same name.</summary>
    /// <value>
    /// 1 to 32 ASCII letters, digits, hyphens, dots and underscores. None by default; with <c>Log:Kind=Postgres</c> the machine's name.
    /// </value>
    public string? Name { get; set; }

    /// <summary>
    /// The secret that all nodes of a chat share. A node with another one is refused, and is not answered when it asks for a sign of life.
    /// </summary>
    /// <value>
    /// 16 to 256 characters; none by default. Required with <c>Log:Kind=Postgres</c>, and refused with the other logs, which have one node.
    /// </value>
    [DataType(DataType.Password)]
    [StringLength(
        MaxCookieLength,
        MinimumLength = MinCookieLength,
        ErrorMessage = "Node:Cookie must be 16 to 256 characters long.")]
    public string? Cookie { get; set; }

    /// <summary>The URL at which the other nodes reach this one over HTTP. Users never see it.</summary>
    /// <value>
    /// http or https, such as <c>http://10.0.0.1:8000</c>. None by default: the first address that the server listens on, with the
    /// machine's name if that is a wildcard. Only with <c>Log:Kind=Postgres</c>.
    /// </value>
    public string? Address { get; set; }

    /// <summary>Whether a text is a valid <see cref="Name"/>.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= 32 && text.All(static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-');
    }

    /// <summary>Whether a text is a valid <see cref="Address"/>: an http or https URL without a user, a query and a fragment.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && url.Scheme is ("http" or "https")
        && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
