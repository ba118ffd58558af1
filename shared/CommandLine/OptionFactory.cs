using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Replication.CommandLine;

/// <summary>An option that knows in words what its value may be.</summary>
internal interface IRanged
{
    string Range { get; }
}

/// <summary>Options whose mistakes name the option, the value and what it may be.</summary>
internal static class OptionFactory
{
    public static Option<int?> Integer(string name, string description, int low, int high) => Parsed<int?>(
        name, description, "N", string.Create(CultureInfo.InvariantCulture, $"a whole number from {low} to {high}"),
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= low
            && value <= high ? value : null);

    /// <summary>Any finite number.</summary>
    public static Option<double?> Number(string name, string description) => Parsed<double?>(
        name, description, "X", "a number, such as -1.5",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null);

    /// <summary>The number of a replicate.</summary>
    public static Option<int?> Replicate(string description) => Integer("--replicate", description, 1, int.MaxValue);

    /// <summary>A number above 0 and below <paramref name="below"/>.</summary>
    public static Option<double?> Fraction(string name, string description, double below) => Parsed<double?>(
        name, description, "X", string.Create(CultureInfo.InvariantCulture, $"a number above 0 and below {below}, such as 0.00005 or 5e-5"),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value < below
            ? value
            : null);

    /// <summary>A number from 0 to 1.</summary>
    public static Option<double?> Share(string name, string description) => Parsed<double?>(
        name, description, "X", "a number from 0 to 1",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value
            : null);

    /// <summary>
    /// A number above 0 with one of some units, each with its factor; a longer unit before one that it ends in, "" for none.
    /// </summary>
    public static Option<double?> Quantity(string name, string description, string helpName, params (string Unit, double Factor)[] units)
    {
        var named = units.Select(u => u.Unit).Where(u => u.Length > 0).ToList();
        return Parsed<double?>(
            name, description, helpName, "a number above 0" + (named.Count == 0 ? "" : $" in {Words.Either(named)}"), text =>
        {
            foreach (var (unit, factor) in units.Where(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase)))
            {
                if (double.TryParse(text[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
                    && double.IsFinite(value))
                    return value * factor;
            }
            return null;
        });
    }

    public static Option<string?> Choice(string name, string description, params string[] choices) => Parsed<string?>(
        name, description, string.Join('|', choices), Words.Either(choices),
        text => choices.FirstOrDefault(c => string.Equals(c, text, StringComparison.OrdinalIgnoreCase)), choices);

    /// <summary>Names between commas.</summary>
    public static Option<string[]?> Names(string name, string description, string helpName, IReadOnlyList<string> known) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => ParseNames(result, name, known),
        CompletionSources = { _ => known.Select(k => new System.CommandLine.Completions.CompletionItem(k)) },
    };

    /// <summary>The names of an option that <see cref="Names"/> made; null where it is not typed, of which the parser makes none.</summary>
    public static string[]? NamesOf(this ParseResult parse, Option<string[]?> option) =>
        parse.GetValue(option) is { Length: > 0 } names ? names : null;

    public static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private static Option<T> Parsed<T>(
        string name, string description, string helpName, string range, Func<string, T?> parse, string[]? choices = null)
    {
        var option = new RangedOption<T>(name, range)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var value = parse(text);
                if (value is null)
                    result.AddError($"{name} is '{text}'; it must be {range}.{(choices is null ? "" : Suggestion.For(text, choices))}");
                return value!;
            },
        };
        if (choices is not null)
            option.CompletionSources.Add(_ => choices.Select(c => new System.CommandLine.Completions.CompletionItem(c)));
        return option;
    }

    private sealed class RangedOption<T>(string name, string range) : Option<T>(name), IRanged
    {
        public string Range => range;
    }

    private static string[]? ParseNames(ArgumentResult result, string name, IReadOnlyList<string> known)
    {
        var names = new List<string>();
        foreach (var word in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (known.FirstOrDefault(k => string.Equals(k, word, StringComparison.OrdinalIgnoreCase)) is { } found)
                names.Add(found);
            else
                result.AddError($"{name} holds '{word}'; it must be {Words.Either(known)}.{Suggestion.For(word, known)}");
        }
        if (names.Count == 0)
            result.AddError($"{name} is empty; it must be one or more of {Words.Either(known)}, with commas between them.");
        return [.. names.Distinct(StringComparer.Ordinal)];
    }
}
