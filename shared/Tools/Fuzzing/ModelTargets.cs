using Replication.Bert;
using Replication.CommandLine;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Tools.Fuzzing;

/// <summary>Readers of models: weights, configuration, tokenizers, recipes.</summary>
internal static class ModelTargets
{
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "fox", "##es", "the", "a", "dog", ".", "é"];

    private static readonly BertConfig Tiny = new()
    {
        VocabSize = Words.Length, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 16,
        MaxPositionEmbeddings = 16,
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        new("safetensors", Safetensors, folder => ReadAll(SafetensorsFile.Open(Path.Combine(folder, "tensors.safetensors")))),
        new("pickle, zip", folder => Seed(folder, "model-zip.bin"),
            folder => ReadAll(PickleFile.Open(Path.Combine(folder, "model-zip.bin")))),
        new("pickle, legacy", folder => Seed(folder, "model-legacy.bin"),
            folder => ReadAll(PickleFile.Open(Path.Combine(folder, "model-legacy.bin")))),
        new("model folder", Model, folder =>
        {
            ModelFolder.ReadHead(folder);
            ModelFolder.ReadLabels(folder);
            ModelFolder.ClassifierOutputs(folder);
            using var model = ModelFolder.OpenClassifier(folder, 2);
        }),
        new("config and tokenizer", Tokenizer, folder =>
        {
            ModelFolder.ReadConfig(folder);
            ModelFolder.ReadLabels(folder);
            ModelFolder.ReadHead(folder);
            ModelFolder.OpenTokenizer(folder).Encode("The foxes, é [MASK] 狐.");
        }),
        new("byte-level tokenizer", ByteLevel, folder => ModelFolder.OpenTokenizer(folder).Encode("the fox")),
        new("byte-level tokenizer.json", ByteLevelTogether, folder => ModelFolder.OpenTokenizer(folder).Encode("the fox")),
        new("recipe", folder => File.WriteAllText(Path.Combine(folder, "recipe.json"), Json.Text(new TrainingRecipe())),
            folder => RecipeFile.Read(Path.Combine(folder, "recipe.json"))),
    ];

    private static void Safetensors(string folder)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(folder, "tensors.safetensors"),
            [("a.weight", arange(6, float32).reshape(2, 3)), ("a.bias", ones(2, float16)), ("ids", arange(4, int64)),
                ("flags", ones(3, ScalarType.Bool)), ("none", empty(0, 5))]);
    }

    private static void Model(string folder)
    {
        using var model = new BertForSequenceClassification(Tiny, 2, seed: 1);
        File.WriteAllLines(Path.Combine(folder, "words.txt"), Words);
        var made = Path.Combine(folder, "model");
        ModelFolder.Save(model, made, ["no", "yes"], Path.Combine(folder, "words.txt"));
        foreach (var file in Directory.GetFiles(made))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        Directory.Delete(made);
        File.Delete(Path.Combine(folder, "words.txt"));
    }

    private static void Tokenizer(string folder)
    {
        Model(folder);
        File.Delete(Path.Combine(folder, "model.safetensors"));
        var vocabulary = Words.Select((word, id) => (word, id)).ToDictionary(w => w.word, w => w.id);
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"), Json.Text(
            new { do_lower_case = true, tokenize_chinese_chars = true, model_max_length = 16, tokenizer_class = "BertTokenizer" }));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Json.Text(new
        {
            version = "1.0",
            added_tokens = new[] { new {
                id = 0, content = "[PAD]", special = true, lstrip = false, rstrip = false, normalized = false, single_word = false } },
            normalizer = new {
                type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase = true },
            model = new {
                type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", max_input_chars_per_word = 100,
                vocab = vocabulary },
        }));
    }

    private static void ByteLevel(string folder)
    {
        Roberta(folder);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), Json.Text(Bytes()));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\nt h\nth e\nf o\nfo x\n");
    }

    private static void ByteLevelTogether(string folder)
    {
        Roberta(folder);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Json.Text(new
        {
            added_tokens = new[] { new { id = 4, content = "<mask>", special = true } },
            model = new { type = "BPE", vocab = Bytes(), merges = new[] { "t h", "th e", "f o", "fo x" } },
        }));
    }

    private static void Roberta(string folder) => File.WriteAllText(Path.Combine(folder, "config.json"), Json.Text(new
    {
        model_type = "roberta", vocab_size = 64, hidden_size = 8, num_hidden_layers = 1, num_attention_heads = 2, intermediate_size = 16,
        max_position_embeddings = 18,
        type_vocab_size = 1, pad_token_id = 1, layer_norm_eps = 1e-5, hidden_act = "gelu",
    }));

    private static Dictionary<string, int> Bytes() => new[] { "<s>", "<pad>", "</s>", "<unk>", "<mask>" }
        .Concat("abcdefghijklmnopqrstuvwxyzĠ".Select(letter => letter.ToString())).Concat(["th", "the", "fo", "fox"])
        .Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id);

    private static void Seed(string folder, string name) =>
        File.Copy(Path.Combine(RepositoryRoot.Find(), "shared", "Tools", "Fuzzing", "Seeds", name), Path.Combine(folder, name));

    private static void ReadAll(ITensorFile file)
    {
        using (file)
        {
            foreach (var name in file.Tensors.Keys)
                file.Read(name).Dispose();
        }
    }
}
