using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Replication.Runs;

/// <summary>A run's key: the digest of everything that decides its outcome. Equal keys are one run.</summary>
public static class RunKey
{
    /// <summary>Counts the ways in which keys were made; folders of an earlier one are not found any more.</summary>
    public const int Version = 2;

    /// <summary>Characters of a key that name a folder.</summary>
    public const int ShortLength = 12;

    private const int LongestSlug = 48;

    /// <summary>Digest of spec, inputs, environment and the keys of the runs that are needed.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="inputs">What it reads itself.</param>
    /// <param name="environment">What it is computed on.</param>
    /// <param name="needs">Keys of the runs that it needs, in the order of <see cref="RunSpec.Needs"/>: what those read decides the outcome
    /// too.</param>
    public static string Of(RunSpec spec, IReadOnlyList<RunInput> inputs, RunEnvironment environment, IReadOnlyList<string> needs)
    {
        var content = new KeyContent(Version, spec.SpecKey(), [.. inputs.OrderBy(i => i.Name, StringComparer.Ordinal)], environment, needs);
        return Digest.OfText(JsonSerializer.Serialize(content, Json.Compact));
    }

    /// <summary>Name of the folder of a run: kind, label, and the beginning of the key.</summary>
    public static string FolderName(string kind, string label, string key) => $"{Slug(kind)}-{Slug(label)}-{key[..ShortLength]}";

    // Letters and digits of ASCII, everything else one hyphen, so that the name is a plain word in every shell.
    private static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in text.ToLower(CultureInfo.InvariantCulture))
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        if (slug.Length > LongestSlug)
            slug.Length = LongestSlug;
        return slug.ToString().Trim('-');
    }

    private sealed record KeyContent(
        int KeyVersion, string Spec, IReadOnlyList<RunInput> Inputs, RunEnvironment Environment, IReadOnlyList<string> Needs);
}
