using Replication.Bert;
using Replication.Bert.Tokenization;

namespace Replication.Glue;

/// <summary>
/// Where the Hugging Face hub keeps GLUE and models, what they are called among the downloads, and what is known of them.
/// </summary>
/// <param name="site">The hub, or a mirror of it.</param>
/// <param name="pins">The files that are known beforehand.</param>
public sealed class Hub(Uri site, Pins pins)
{
    /// <summary>The environment variable that names a mirror.</summary>
    public const string Variable = "HF_ENDPOINT";

    private const string Glue = "nyu-mll/glue";

    private static readonly Uri Site = new("https://huggingface.co/");

    /// <summary>The hub itself.</summary>
    public static Hub Public { get; } = new(Site, Pins.Embedded);

    /// <summary>The hub that the environment names, else the public one.</summary>
    /// <param name="variable">Environment variables by name.</param>
    /// <exception cref="ReplicationException">HF_ENDPOINT is not an address of a server.</exception>
    public static Hub Of(Func<string, string?> variable)
    {
        if (variable(Variable) is not { Length: > 0 } address)
            return Public;
        return Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var mirror) && mirror.Scheme is "https" or "http"
            ? new Hub(mirror, Pins.Embedded)
            : throw new ReplicationException(
                $"{Variable} is '{address}', which is not an address; name one such as {Site.ToString().TrimEnd('/')}.",
                ReplicationException.UsageError);
    }

    /// <summary>The Parquet file of a split.</summary>
    public DownloadRequest Split(GlueTask task, GlueSplit split)
    {
        var file = $"{TaskLayout.Of(task).Config}/{TaskLayout.HubName(task, split)}-00000-of-00001.parquet";
        return Request("datasets/", Glue, file, $"glue/{file}") with { Check = path => CheckSplit(task, split, path) };
    }

    /// <summary>The files of a model.</summary>
    /// <param name="name">Its name in this suite.</param>
    /// <param name="repository">Its name on the hub.</param>
    /// <param name="files">The files' names there, the weights last.</param>
    public IReadOnlyList<DownloadRequest> Model(string name, string repository, IReadOnlyList<string> files) =>
        [.. files.Select(
            file => Request("", repository, file, $"models/{name}/{file}") with { Check = path => CheckModelFile(file, path) })];

    /// <summary>The digest that a file among the downloads must have; null where none is known.</summary>
    /// <param name="pins">The files that are known.</param>
    /// <param name="name">Its path below the folder of downloads, with forward slashes.</param>
    internal static string? PinOf(Pins pins, string name) => name.Split('/', 2) switch
    {
        ["glue", var file] => pins.Find(Glue, file)?.Sha256,
        ["models", var file] => pins.All.FirstOrDefault(
            pin => pin.Kind == "model" && string.Equals($"{pin.Name}/{pin.File}", file, StringComparison.OrdinalIgnoreCase))?.Sha256,
        _ => null,
    };

    private DownloadRequest Request(string kind, string repository, string file, string name)
    {
        var pin = pins.Find(repository, file);
        return new DownloadRequest(
            new Uri(site, $"{kind}{repository}/resolve/{pins.Revision(repository)}/{file}"), name, pin?.Sha256, pin?.Bytes);
    }

    private static void CheckSplit(GlueTask task, GlueSplit split, string path)
    {
        var examples = ParquetSplitReader.Read(task, split, [path]);
        if (GlueCatalog.Entry(task, split).Difference(examples.Count, ContentDigest.Of(examples), isParquet: true) is { } difference)
            throw new ReplicationException($"it {difference}.");
    }

    private static void CheckModelFile(string name, string path)
    {
        if (name == "vocab.txt")
            Vocabulary.Specials(path, Vocabulary.Read(path), SpecialTokens.Texts);
        else if (name.EndsWith(".safetensors", StringComparison.Ordinal))
            SafetensorsFile.Open(path).Dispose();
        else if (name.EndsWith(".json", StringComparison.Ordinal))
            JsonFile.ReadObject(path);
    }
}
