using Replication.Runs;

namespace Replication.Studies;

/// <summary>
/// Tasks of which a pretrained model has seen text before, so that its scores on them say less (data/README.md, "What it has seen").
/// </summary>
public static class DataContamination
{
    private const string Model = "minilm-l6";

    private static readonly Dictionary<string, string> Seen = new(StringComparer.Ordinal)
    {
        ["SQuAD-1.1"] = "question and passage pairs of SQuAD 2.0, which holds SQuAD 1.1's",
        ["SQuAD-2.0"] = "question and passage pairs of SQuAD 2.0",
        ["IMDb"] = "film reviews",
        ["MNLI"] = "pairs of the sets behind MNLI",
        ["QQP"] = "pairs of the set behind QQP",
        ["QNLI"] = "the sentences, without labels, of QNLI's dev and test sets",
    };

    /// <summary>What the model of some runs has seen of their tasks, as a sentence; null where it has seen nothing.</summary>
    /// <param name="manifests">The runs.</param>
    public static string? Of(IEnumerable<RunManifest> manifests)
    {
        var inputs = manifests.SelectMany(manifest => manifest.Inputs)
            .Select(input => input.Name.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        return inputs.Contains(Model) ? Of(Model, inputs) : null;
    }

    /// <summary>What a model has seen of some tasks, as a sentence; null where it has seen nothing.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="tasks">The tasks by name.</param>
    public static string? Of(string model, IEnumerable<string> tasks)
    {
        var inputs = tasks.ToHashSet(StringComparer.Ordinal);
        var texts = Seen.Where(task => inputs.Contains(task.Key)).Select(task => task.Value).ToList();
        return model == Model && texts.Count > 0
            ? $"{Model} has seen in its pretraining {string.Join(" and ", texts)}: its scores there, and its students', say less." : null;
    }
}
