using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>A trained model that a paper's authors published, by the paper's row and a task.</summary>
/// <param name="Name">Its name in this suite, such as "tinybert4-mrpc".</param>
/// <param name="Paper">The paper.</param>
/// <param name="Row">Its row of published.csv; of a network with sub-networks what their rows begin with.</param>
/// <param name="Task">The task that it was trained on.</param>
/// <param name="Where">Repository and file, for people.</param>
public sealed record ReleasedCheckpoint(string Name, string Paper, string Row, string Task, string Where)
{
    // The processors of the Hugging Face examples, which these authors' programs have, number MNLI's classes so.
    private static readonly string[] MnliClasses = ["contradiction", "entailment", "neutral"];

    private const string DynaBert = "DynaBERT", TinyBert = "TinyBERT", DistilBert = "DistilBERT", Weights = "pytorch_model.bin";

    /// <summary>
    /// What the authors of the papers published; Patient-KD's published no model. Those on the hub are known models of the same name, so
    /// that 'data fetch' downloads them as it does any model; the others lie in archives, with a folder a task.
    /// </summary>
    public static IReadOnlyList<ReleasedCheckpoint> All { get; } =
    [
        new("distilbert-sst-2", DistilBert, "DistilBERT", "SST-2", OnHub("distilbert-sst-2", "model.safetensors")),
        new("distilbert-squad", DistilBert, "DistilBERT (D)", TaskDownload.Squad1, OnHub("distilbert-squad", "model.safetensors")),
        .. ((string[])["SST-2", "MNLI"]).Select(task => new ReleasedCheckpoint(
            NameOf("dynabert", task), DynaBert, "DynaBERT (", task, OnHub(NameOf("dynabert", task), Weights))),
        .. ((string[])["CoLA", "STS-B", "MRPC", "RTE", "QQP", "QNLI"]).Select(task => new ReleasedCheckpoint(
            NameOf("dynabert", task), DynaBert, "DynaBERT (", task, InDrive("1pYApaDcse5QIB6lZagWO0uElAavFazpA", task))),
        .. ((string[])["MNLI", "MRPC", "CoLA"]).Select(task => new ReleasedCheckpoint(
            NameOf("tinybert4", task), TinyBert, "TinyBERT4", task, InDrive("1_sCARNCgOZZFiWTSgNbE7viW_G5vIXYg", task))),
        .. ((string[])["MNLI", "QQP", "QNLI", "SST-2", "CoLA", "STS-B", "MRPC", "RTE"]).Select(task => new ReleasedCheckpoint(
            NameOf("tinybert6", task), TinyBert, "TinyBERT6", task, InDrive("1Vf0ZnMhtZFUE0XoD3hTXc6QtHwKr_PwS", task))),
    ];

    /// <summary>The classes in the order of the model's outputs, where its config.json names none; null for the task's order.</summary>
    public IReadOnlyList<string>? Classes => Task == GlueTasks.Mnli.Name ? MnliClasses : null;

    /// <summary>
    /// The sub-networks that it holds, as the paper's program cuts them, which drops the last layer; none for a model that is measured as
    /// a whole.
    /// </summary>
    /// <param name="config">Its geometry.</param>
    public IReadOnlyList<SubNetwork> Parts(Bert.BertConfig config) =>
        Paper == DynaBert ? SubNetwork.Grid(config, [1, 0.75, 0.5, 0.25], [1, 0.75, 0.5], DepthRule.OfficialCode) : [];

    /// <summary>The checkpoint of a row and a task; null where none was published.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="row">The row of published.csv.</param>
    /// <param name="task">The task.</param>
    public static ReleasedCheckpoint? Find(string paper, string? row, GlueTask task) => All.FirstOrDefault(
        checkpoint => checkpoint.Paper == paper && checkpoint.Task == task.Name
            && (row == checkpoint.Row || (paper == DynaBert && row?.StartsWith(checkpoint.Row, StringComparison.Ordinal) == true)));

    /// <summary>The folders that the user names, by checkpoint.</summary>
    /// <param name="words">NAME=FOLDER each.</param>
    /// <exception cref="ReplicationException">One is not of this form, or names no checkpoint.</exception>
    public static IReadOnlyDictionary<string, string> Folders(IReadOnlyList<string> words)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var (name, folder) = word.Split('=', 2) is [var left, { Length: > 0 } right] ? (left, right) : (word, null);
            var known = All.FirstOrDefault(checkpoint => string.Equals(checkpoint.Name, name, StringComparison.OrdinalIgnoreCase));
            if (known is null || folder is null)
                throw new ReplicationException(
                    $"--released is '{word}'; it must be NAME=FOLDER with the name of a checkpoint: "
                        + $"{string.Join(", ", All.Select(checkpoint => checkpoint.Name))}."
                        + (known is null ? Suggestion.For(name, All.Select(checkpoint => checkpoint.Name)) : ""),
                    ReplicationException.UsageError);
            folders[known.Name] = folder;
        }
        return folders;
    }

    private static string NameOf(string model, string task) => $"{model}-{task.ToLowerInvariant()}";

    private static string OnHub(string name, string file) =>
        $"{ModelCatalog.Known.Single(model => model.Name == name).Hub}, {file}";

    private static string InDrive(string file, string task) => $"https://drive.google.com/file/d/{file}, folder {task}";
}
