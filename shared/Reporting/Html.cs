using System.Xml;
using System.Xml.Linq;

namespace Replication.Reporting;

/// <summary>Builds HTML as an XML tree, so that every text is escaped and every element closed.</summary>
internal static class Html
{
    private static readonly HashSet<string> Void = new(StringComparer.Ordinal) { "meta", "br", "hr", "img", "link" };

    /// <summary>An element; strings become text, nulls nothing.</summary>
    public static XElement El(string name, params object?[] content)
    {
        var element = new XElement(name, content.Select(Clean));
        // HTML knows no <td/>: an empty element needs its end tag.
        if (element.IsEmpty && !Void.Contains(name))
            element.Add("");
        return element;
    }

    /// <summary>An element with its children on lines of their own, so that two versions can be compared line by line.</summary>
    public static XElement Block(string name, params object?[] content)
    {
        var element = El(name, "\n");
        foreach (var item in content.SelectMany(Flat))
            element.Add(item is XAttribute ? [item] : [Clean(item), "\n"]);
        return element;
    }

    /// <summary>An attribute.</summary>
    public static XAttribute At(string name, string value) => new(name, Valid(value));

    /// <summary>A whole page.</summary>
    public static string Page(XElement html) => "<!DOCTYPE html>\n" + Text(html);

    /// <summary>An element's markup, with a final newline.</summary>
    public static string Text(XElement element) => element.ToString(SaveOptions.DisableFormatting).ReplaceLineEndings("\n") + "\n";

    private static IEnumerable<object?> Flat(object? item) => item switch
    {
        null => [],
        string => [item],
        System.Collections.IEnumerable many and not XElement => many.Cast<object?>().SelectMany(Flat),
        _ => [item],
    };

    private static object? Clean(object? item) => item is string text ? Valid(text) : item;

    // Control characters have no place in a page, escaped or not.
    private static string Valid(string text) => text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c))
        ? text
        : string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));
}
