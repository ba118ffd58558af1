using System.Collections.Concurrent;
using Replication.Bert;
using Replication.Glue;

namespace Replication.Runs;

/// <summary>A pretrained model that the suite knows by name.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="Hub">Its repository on the hub; null for the one that is part of this repository.</param>
/// <param name="Sha256">Digest of its weights file, where it is part of this repository; those of downloads are among
/// <see cref="Pins"/>.</param>
/// <param name="Megabytes">About how much there is to download.</param>
/// <param name="Geometry">For a model of random weights, which is made on this machine and not downloaded: its geometry.</param>
public sealed record KnownModel(string Name, string Description, string? Hub, string? Sha256, int Megabytes, BertConfig? Geometry = null)
{
    /// <summary>Its files on the hub, the weights last, so that a folder with weights is whole.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors"];
}

/// <summary>Pretrained models by name ("minilm-l6", "bert-base-uncased") or by the path of a folder.</summary>
/// <param name="folders">Where to look for named ones.</param>
public sealed class ModelCatalog(DataFolders folders)
{
    // The hub's repositories of 2020.
    private static readonly string[] Older = ["config.json", "vocab.txt", "pytorch_model.bin"];

    private readonly FileDigests _digests = new();
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private readonly ChecksumFile _checksums = new(folders.Downloads, folders.Pins);

    /// <summary>The models that are known by name.</summary>
    public static IReadOnlyList<KnownModel> Known { get; } =
    [
        new("minilm-l6", "MiniLM-L6-H384-uncased, 6 layers, 22.7 M parameters", Hub: null,
            "17e06192f621ba00821b58c7b46ff7168a5e683b7a61ac1a830f5376409833ae", Megabytes: 46),
        new("bert-base-uncased", "BERT-base, 12 layers, 110 M parameters", "google-bert/bert-base-uncased", Sha256: null, Megabytes: 440),
        new("bert-large-uncased", "BERT-large, 24 layers, 335 M parameters", "google-bert/bert-large-uncased", Sha256: null,
            Megabytes: 1340),
        new("distilbert-sst-2", "DistilBERT on SST-2, of its authors, for profile released",
            "distilbert/distilbert-base-uncased-finetuned-sst-2-english", Sha256: null, Megabytes: 270),
        new("distilbert-squad", "DistilBERT on SQuAD 1.1, of its authors, for profile released",
            "distilbert/distilbert-base-uncased-distilled-squad", Sha256: null, Megabytes: 265),
        new("dynabert-sst-2", "DynaBERT on SST-2, of its authors, for profile released", "huawei-noah/DynaBERT_SST-2", Sha256: null,
            Megabytes: 440) { Files = Older },
        new("dynabert-mnli", "DynaBERT on MNLI, of its authors, for profile released", "huawei-noah/DynaBERT_MNLI", Sha256: null,
            Megabytes: 440) { Files = Older },
        new("random-bert-base", "BERT-base's geometry with random weights, for 'smoke'", Hub: null, Sha256: null, Megabytes: 440,
            BertConfig.Base),
        new("random-bert-large", "BERT-large's geometry with random weights, for 'smoke'", Hub: null, Sha256: null, Megabytes: 1340,
            BertConfig.Large),
    ];

    /// <summary>The folder of a model in Hugging Face's layout.</summary>
    /// <exception cref="ReplicationException">Unknown or not here; the message says how to get it.</exception>
    public string Folder(string name)
    {
        if (Find(name) is not { } model)
            return OfPath(name);
        return FolderOf(model, folders) ?? throw new ReplicationException(
            model.Geometry is not null ? $"The model {model.Name} was not made yet; 'smoke --model {model.Name}' makes it."
            : model.Hub is null
                ? $"The model {model.Name} is missing from {Path.Combine(folders.Embedded, "models", model.Name)}, where this "
                    + $"repository holds it; check it out again."
                : $"The model {model.Name} is not here; get it with '{DataFolders.FetchCommand(model.Name)}', or give the path of its "
                    + $"folder instead of its name.");
    }

    /// <summary>
    /// The geometry of a model, which is that of its config.json; the published one of a BERT that is known and not here.
    /// </summary>
    /// <exception cref="ReplicationException">Unknown, or not here and nothing is published; the message says how to get it.</exception>
    public BertConfig Config(string name) =>
        Find(name) is { } known && FolderOf(known, folders) is null && Published(known.Name) is { } geometry
        ? geometry
        : ModelFolder.ReadConfig(Folder(name));

    /// <summary>
    /// The model as a run's input: a known one with the digest of its weights, to which its other files are held; one of the user's
    /// own, whose files may be changed one by one, with a digest of weights, geometry and vocabulary together.
    /// </summary>
    /// <exception cref="ReplicationException">Unknown, not here, or not the one that is pinned or recorded.</exception>
    public RunInput Input(string name)
    {
        var folder = Folder(name);
        Check(name);
        return Find(name) is { } known && PlaceOf(known, folders) is { IsNamed: false }
            ? new RunInput(known.Name, Sha256(Weights(folder)!))
            : new RunInput(Find(name)?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), DigestOfAll(folder));
    }

    private string DigestOfAll(string folder) => Digest.OfText(string.Join('\n',
        [.. ModelWeights.FilesOf(folder).Take(1).Append(Path.Combine(folder, "config.json")).Concat(ModelFiles.OfTokenizer(folder))
            .Concat(ModelWeights.FilesOf(folder).Skip(1)).Select(file => $"{Path.GetFileName(file)} {Sha256(file)}")]));

    /// <summary>Is told of a model that is in a folder of the user's and is not the known one of its name, once; null for none.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>
    /// Refuses a model that is here by name and is not the one that is pinned, or that was downloaded at first; one in a folder of the
    /// user's passes, with a warning.
    /// </summary>
    /// <exception cref="ReplicationException">It is another.</exception>
    public void Check(string name)
    {
        if (Find(name) is not { } model || PlaceOf(model, folders) is not var (folder, isNamed))
            return;
        var weights = Weights(folder)!;
        var pinned = model.Sha256 ?? Hub.PinOf(folders.Pins, $"models/{model.Name}/{Path.GetFileName(weights)}");
        if ((isNamed || model.Sha256 is not null) && pinned is not null && Sha256(weights) is var sha256 && sha256 != pinned)
        {
            var difference = $"{weights} has the sha256 {sha256[..12]}... where {pinned[..12]}... is pinned for {model.Name}";
            if (!isNamed)
                throw new ReplicationException($"{difference}; get it again, or give the path of its folder to use it all the same.");
            if (_warned.TryAdd(weights, true))
                Warn?.Invoke(
                    $"{difference}; it is used as it is, and what is measured with it does not compare with scores of {model.Name}.");
        }
        if (isNamed)
            return;
        foreach (var file in Directory.GetFiles(folder))
            _checksums.Hold(file, Sha256);
    }

    /// <summary>The weights file of a folder, or the index of several; null where it has none.</summary>
    public static string? Weights(string folder) => ModelWeights.FileOf(folder);

    /// <summary>The known model of a name; null where there is none.</summary>
    internal static KnownModel? Find(string name) =>
        Known.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Where a known model is; null where it is missing.</summary>
    internal static string? FolderOf(KnownModel model, DataFolders folders) => PlaceOf(model, folders)?.Folder;

    private static (string Folder, bool IsNamed)? PlaceOf(KnownModel model, DataFolders folders) => folders.Models
        .Select(root => (Folder: Path.Combine(root.Folder, model.Name), root.IsNamed)).Where(place => IsModel(place.Folder))
        .Select(place => ((string, bool)?)place).FirstOrDefault();

    private static BertConfig? Published(string name) => name switch
    {
        "bert-base-uncased" => BertConfig.Base,
        "bert-large-uncased" => BertConfig.Large,
        _ => null,
    };

    private static bool IsModel(string folder) => File.Exists(Path.Combine(folder, "config.json")) && Weights(folder) is not null;

    private static string OfPath(string name)
    {
        var folder = Path.GetFullPath(name);
        if (IsModel(folder))
            return folder;
        if (Directory.Exists(folder))
            throw new ReplicationException(
                $"{folder} is not a model folder: it lacks "
                + $"{(Weights(folder) is null ? "model.safetensors or pytorch_model.bin" : "config.json")}.");
        var names = Known.Select(known => known.Name).ToArray();
        throw new ReplicationException(
            $"'{name}' is neither a model ({string.Join(", ", names)}) nor a folder.{Suggestion.For(name, names)}",
            ReplicationException.UsageError);
    }

    private string Sha256(string path) => StorageFailure.Explain("Cannot read the model's file", path, () => _digests.Of(path));
}
