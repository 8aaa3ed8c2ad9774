using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ErlChat.Web.CommandLine;

/// <summary>
/// Reads the options' doc comments from the XML files that the compiler puts next to the program. Without these files the program works,
/// but has no descriptions of its options.
/// </summary>
internal sealed partial class OptionDocs
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _members = [];

    /// <summary>The first sentence of an option's summary; empty if there is none.</summary>
    internal string SummaryOf(PropertyInfo option)
    {
        string summary = TextOf(Find(option, "summary"));
        int end = summary.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? summary : summary[..(end + 1)];
    }

    /// <summary>An option's unit, range and default; empty if there is none.</summary>
    internal string ValueOf(PropertyInfo option) => TextOf(Find(option, "value"));

    private XElement? Find(PropertyInfo option, string part)
    {
        Type owner = option.DeclaringType!;
        XElement? member = MembersOf(owner.Assembly).GetValueOrDefault($"P:{owner.FullName}.{option.Name}");
        if (member?.Element("inheritdoc")?.Attribute("cref")?.Value is { } other)
            member = MembersOf(owner.Assembly).GetValueOrDefault(other);
        return member?.Element(part);
    }

    private Dictionary<string, XElement> MembersOf(Assembly assembly)
    {
        if (_members.TryGetValue(assembly, out Dictionary<string, XElement>? known))
            return known;
        string file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return _members[assembly] = File.Exists(file)
            ? XDocument.Load(file).Descendants("member").DistinctBy(Name).ToDictionary(Name)
            : [];

        static string Name(XElement member) => member.Attribute("name")?.Value ?? "";
    }

    private static string TextOf(XElement? element)
    {
        if (element is null)
            return "";
        var text = new StringBuilder();
        foreach (XNode node in element.DescendantNodes())
        {
            if (node is XText words)
                text.Append(words.Value);
            else if (node is XElement { Name.LocalName: "see" or "paramref" or "seealso" } link)
                text.Append(LastName().Match((link.Attribute("cref") ?? link.Attribute("name"))?.Value ?? "").Value);
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("[^.:]*$")]
    private static partial Regex LastName();
}
