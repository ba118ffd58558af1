using System.Globalization;

namespace Replication.Glue;

/// <summary>What is known of a file before it is downloaded.</summary>
/// <param name="Kind">dataset, model, or file (one that has no repository on the hub).</param>
/// <param name="Name">What it is part of, such as "RTE/train" or "bert-base-uncased".</param>
/// <param name="Repository">Its repository on the hub; empty where it has none.</param>
/// <param name="Revision">The commit of that repository; empty where it is not known.</param>
/// <param name="File">Its path there.</param>
/// <param name="Bytes">Its size; null where it is not known.</param>
/// <param name="Sha256">Its digest.</param>
public sealed record Pin(string Kind, string Name, string Repository, string Revision, string File, long? Bytes, string Sha256);

/// <summary>The files that are known before they are downloaded: data/pins.csv, which is part of the program.</summary>
/// <param name="all">Each of them.</param>
public sealed class Pins(IReadOnlyList<Pin> all)
{
    /// <summary>The revision of a repository whose commit is not known.</summary>
    public const string NewestRevision = "main";

    private const string Resource = "Replication.Glue.pins.csv";

    /// <summary>None: every first download is recorded as it comes.</summary>
    public static Pins None { get; } = new([]);

    /// <summary>Those of data/pins.csv.</summary>
    public static Pins Embedded { get; } = Read();

    /// <summary>All of them.</summary>
    public IReadOnlyList<Pin> All { get; } = all;

    /// <summary>What is known of a repository's file.</summary>
    public Pin? Find(string repository, string file) =>
        All.FirstOrDefault(
            pin =>
            pin.Repository.Length > 0 && pin.Repository == repository && string.Equals(pin.File, file, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is known of a file that its authors hand out themselves.</summary>
    public Pin? OfFile(string file) => All.FirstOrDefault(pin => pin.Kind == "file" && pin.File == file);

    /// <summary>The commit of a repository that its files are taken from.</summary>
    public string Revision(string repository) =>
        All.FirstOrDefault(pin => pin.Repository == repository && pin.Revision.Length > 0)?.Revision ?? NewestRevision;

    private static Pins Read()
    {
        using var stream = typeof(Pins).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program lacks {Resource}.");
        using var reader = new StreamReader(stream);
        // No cell holds a comma or a quote.
        return new Pins(
            [.. reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split(',')).Select(cells =>
            new Pin(cells[0], cells[1], cells[2], cells[3], cells[4],
                cells[5].Length == 0 ? null : long.Parse(cells[5], CultureInfo.InvariantCulture), cells[6]))]);
    }
}
