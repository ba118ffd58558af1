using Replication.Bert;

namespace Replication.Tests.CommandLine;

/// <summary>A model folder and SST-2 files small enough for a test; in the rows, "good" is positive and "bad" negative.</summary>
internal static class TinyModel
{
    private static readonly string[] Vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "a", "film", "with", "songs", "."];

    private static BertConfig Config { get; } = new()
    {
        VocabSize = Vocabulary.Length, HiddenSize = 16, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 32,
        MaxPositionEmbeddings = 32,
    };

    /// <summary>Writes a model with random weights; its weights and its geometry may be changed.</summary>
    public static string Write(
        TemporaryFolder folder, IReadOnlyList<string> labels, string name = "model", int positions = 32,
        Action<BertForSequenceClassification>? change = null, Func<BertConfig, BertConfig>? geometry = null)
    {
        var vocabulary = folder.Write("vocab.txt", string.Join('\n', Vocabulary) + "\n");
        var config = Config with { MaxPositionEmbeddings = positions };
        using var model = new BertForSequenceClassification(geometry?.Invoke(config) ?? config, labels.Count, seed: 3);
        using (TorchSharp.torch.no_grad())
            change?.Invoke(model);
        var path = folder.File(name);
        ModelFolder.Save(model, path, labels, vocabulary);
        return path;
    }

    /// <summary>Writes a model for question answering with random weights.</summary>
    public static string WriteQuestionAnswering(TemporaryFolder folder, Func<BertConfig, BertConfig>? geometry = null)
    {
        var vocabulary = folder.Write("vocab.txt", string.Join('\n', Vocabulary) + "\n");
        using var model = new BertForQuestionAnswering(geometry?.Invoke(Config) ?? Config, seed: 3);
        ModelFolder.Save(model, folder.File("answers"), vocabulary);
        return folder.File("answers");
    }

    /// <summary>Writes a model for multiple choice with random weights.</summary>
    public static string WriteMultipleChoice(TemporaryFolder folder, Func<BertConfig, BertConfig>? geometry = null)
    {
        var vocabulary = folder.Write("vocab.txt", string.Join('\n', Vocabulary) + "\n");
        using var model = new BertForSequenceClassification(geometry?.Invoke(Config) ?? Config, outputs: 4, seed: 3, choices: 4);
        ModelFolder.Save(model, folder.File("choices"), ["A", "B", "C", "D"], vocabulary);
        return folder.File("choices");
    }

    /// <summary>Writes a masked language model with random weights.</summary>
    public static string WriteMaskedLM(TemporaryFolder folder)
    {
        var vocabulary = folder.Write("vocab.txt", string.Join('\n', Vocabulary) + "\n");
        using var model = new BertForMaskedLM(Config, seed: 3);
        var path = folder.File("masked-lm");
        ModelFolder.Save(model, path, vocabulary);
        return path;
    }

    /// <summary>Writes SST-2's training and dev set.</summary>
    public static string WriteData(TemporaryFolder folder)
    {
        foreach (var (name, rows) in (ReadOnlySpan<(string, int)>)[("train.tsv", 64), ("dev.tsv", 16)])
            folder.Write($"data/SST-2/{name}", "sentence\tlabel\n" + string.Concat(Enumerable.Range(0, rows).Select(Row)));
        return folder.File("data");
    }

    private static string Row(int row) => $"a {(row % 2 == 1 ? "good" : "bad")} film{(row % 3 == 0 ? " with songs" : "")}\t{row % 2}\n";
}
