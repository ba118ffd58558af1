using Replication.Bert.Tokenization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Model folders in Hugging Face's layout, BERT's, DistilBERT's and RoBERTa's: config.json, model.safetensors or pytorch_model.bin,
/// and the tokenizer's vocab.txt, or vocab.json with merges.txt.
/// </summary>
public static class ModelFolder
{
    private const string ClassifierWeight = "classifier.weight";
    private const string ClassifierPrefix = "classifier.";
    private const string PoolerPrefix = "bert.pooler.";
    private const string PreClassifierPrefix = "pre_classifier.";

    /// <summary>
    /// Opens an encoder with a classifier on it. Where the folder holds no classifier, a new one is drawn from <paramref name="seed"/>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="outputs">Outputs that are expected; a classifier of another size is refused, or replaced if
    /// <paramref name="newClassifier"/>.</param>
    /// <param name="layers">Keeps the first layers only; null for all.</param>
    /// <param name="newClassifier">Draws a new classifier even if there is one.</param>
    /// <param name="seed">Seed of new weights.</param>
    /// <param name="choices">Options of a multiple choice, each of which has one of the outputs; 1 for none.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or does not hold such a model; the message names file and
    /// tensor or key.</exception>
    public static BertForSequenceClassification OpenClassifier(
        string folder, int outputs, int? layers = null, bool newClassifier = false, long seed = 0, int choices = 1)
    {
        var whole = ReadConfig(folder);
        var config = KeepLayers(whole, layers, folder);
        using var weights = ModelWeights.Open(folder, whole);
        var stored = weights.Shape(ClassifierWeight);
        var drawn = new List<string>();
        if (newClassifier || stored is null)
            drawn.Add(ClassifierPrefix);
        else if (stored.Count == 0 || stored[0] != (choices > 1 ? 1 : outputs))
            throw new ReplicationException(
                $"The classifier in {folder} has {(stored.Count == 0 ? 0 : stored[0])} outputs where "
                + $"{(choices > 1 ? "one for each option is" : $"{outputs} are")} needed; choose another model, or ask for a new "
                + $"classifier.");
        else if (ClassifierConfig.IsOfTinyBertsAuthors(folder))
            config = config with { ReluBeforeClassifier = true };
        // A masked language model was trained without pooler, a DistilBERT's without its counterpart; a classifier never was.
        if (stored is null && weights.Shape(PoolerPrefix + "dense.weight") is null)
            drawn.Add(PoolerPrefix);
        if (stored is null && weights.Shape(PreClassifierPrefix + "weight") is null)
            drawn.Add(PreClassifierPrefix);
        return Build(weights, config, device => new BertForSequenceClassification(config, outputs, device, choices), drawn, seed);
    }

    /// <summary>
    /// Opens an encoder that marks an answer in a passage. Where the folder holds no such head, a new one is drawn from
    /// <paramref name="seed"/>.
    /// </summary>
    /// <inheritdoc cref="OpenClassifier"/>
    public static BertForQuestionAnswering OpenQuestionAnswering(string folder, int? layers = null, bool newHead = false, long seed = 0)
    {
        var whole = ReadConfig(folder);
        var config = KeepLayers(whole, layers, folder);
        using var weights = ModelWeights.Open(folder, whole);
        string[] drawn = newHead || !weights.Contains(BertForQuestionAnswering.HeadWeight) ? [BertForQuestionAnswering.HeadPrefix] : [];
        return Build(weights, config, device => new BertForQuestionAnswering(config, device), drawn, seed);
    }

    /// <summary>Opens the tokenizer that belongs to a model.</summary>
    /// <exception cref="ReplicationException">A file of it is missing or damaged, or it has more words than the model.</exception>
    public static TextTokenizer OpenTokenizer(string folder) => TokenizerFolder.Open(folder, ReadConfig(folder));

    /// <summary>Opens a masked language model; its decoder is the table of word embeddings.</summary>
    /// <inheritdoc cref="OpenClassifier" path="/exception"/>
    public static BertForMaskedLM OpenMaskedLM(string folder)
    {
        var config = ReadConfig(folder);
        using var weights = ModelWeights.Open(folder, config);
        if (!ConfigReader.TiesWordEmbeddings(folder))
            weights.CheckDecoderIsTied();
        return Build(weights, config, device => new BertForMaskedLM(config, device), [], seed: 0);
    }

    /// <summary>Opens an encoder; with its pooler where the folder holds one.</summary>
    /// <inheritdoc cref="OpenClassifier" path="/exception"/>
    public static BertModel OpenEncoder(string folder, int? layers = null)
    {
        var whole = ReadConfig(folder);
        var config = KeepLayers(whole, layers, folder);
        using var weights = ModelWeights.Open(folder, whole);
        var pooler = weights.Shape(PoolerPrefix + "dense.weight") is not null;
        return Build(weights, config, device => new BertModel(config, pooler, device), [], seed: 0, ModelWeights.Prefix);
    }

    /// <summary>The geometry in a folder's config.json.</summary>
    /// <exception cref="ReplicationException">The file is missing, or a key is missing or has a value that cannot be used; the message
    /// names it.</exception>
    public static BertConfig ReadConfig(string folder) => ConfigReader.ReadGeometry(folder);

    /// <summary>
    /// Most tokens of a text: the model's positions, or the model_max_length of its tokenizer_config.json, whichever is less.
    /// </summary>
    /// <exception cref="ReplicationException">One of the files cannot be used; the message names it and its key.</exception>
    public static int LongestInput(string folder) => TokenizerFolder.LongestInput(folder, ReadConfig(folder));

    /// <summary>The labels in a folder's config.json in the order of the classes; null where it names none.</summary>
    public static IReadOnlyList<string>? ReadLabels(string folder) => ClassifierConfig.ReadLabels(folder);

    /// <summary>
    /// Outputs of the classifier in a folder; null where it holds none, so that <see cref="OpenClassifier"/> would draw a new one.
    /// </summary>
    public static int? ClassifierOutputs(string folder)
    {
        using var weights = ModelWeights.Open(folder);
        return weights.Shape(ClassifierWeight) is [var outputs, _] ? (int)outputs : null;
    }

    /// <summary>Whether a folder holds a head that marks answers.</summary>
    public static bool HasAnswerHead(string folder)
    {
        using var weights = ModelWeights.Open(folder);
        return weights.Contains(BertForQuestionAnswering.HeadWeight);
    }

    /// <summary>Whether a folder holds a masked language model's prediction head.</summary>
    public static bool HasPredictionHead(string folder)
    {
        using var weights = ModelWeights.Open(folder);
        return weights.Contains("cls.predictions.transform.dense.weight");
    }

    /// <summary>What a model does with its encoder's states, as its config.json tells.</summary>
    public static ModelHead ReadHead(string folder) => ClassifierConfig.ReadHead(folder);

    /// <summary>
    /// Writes a classifier as transformers would: names, shapes, config keys; labels as id2label, which a multiple choice has none of.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder that is written.</param>
    /// <param name="labels">A name for each output.</param>
    /// <param name="tokenizer">The folder whose tokenizer is copied along, or a file that becomes vocab.txt; null for none.</param>
    /// <exception cref="ReplicationException">The folder cannot be written, or there is not one label of its own for each
    /// output.</exception>
    public static void Save(BertForSequenceClassification model, string folder, IReadOnlyList<string> labels, string? tokenizer)
    {
        if (model.Choices > 1)
        {
            Save(model, model.Config, "BertForMultipleChoice", labels: null, folder, tokenizer);
            return;
        }
        if (labels.Count != model.Outputs)
            throw new ReplicationException(
                $"A classifier with {model.Outputs} outputs cannot be saved with {labels.Count} labels; give one a label an output.");
        if (labels.Distinct(StringComparer.Ordinal).Count() < labels.Count)
            throw new ReplicationException(
                $"The labels {string.Join(", ", labels)} are not all different; give each class a name of its own.");
        Save(model, model.Config, nameof(BertForSequenceClassification), labels, folder, tokenizer);
    }

    /// <summary>Writes a masked language model as transformers would; the decoder, being the word embeddings, is left out.</summary>
    /// <exception cref="ReplicationException">The folder cannot be written.</exception>
    public static void Save(BertForMaskedLM model, string folder, string? tokenizer) =>
        Save(model, model.Config, nameof(BertForMaskedLM), labels: null, folder, tokenizer);

    /// <summary>Writes a model for question answering as transformers would.</summary>
    /// <exception cref="ReplicationException">The folder cannot be written.</exception>
    public static void Save(BertForQuestionAnswering model, string folder, string? tokenizer) =>
        Save(model, model.Config, nameof(BertForQuestionAnswering), labels: null, folder, tokenizer);

    private static void Save(
        nn.Module model, BertConfig config, string architecture, IReadOnlyList<string>? labels, string folder, string? tokenizer)
    {
        AtomicFolder.Write(folder, temporary =>
        {
            AtomicFile.WriteText(
                Path.Combine(temporary, "config.json"), ConfigWriter.Text(config, TensorNames.Class(config.Kind, architecture), labels));
            SafetensorsWriter.Write(
                Path.Combine(temporary, "model.safetensors"),
                model.named_parameters().Select(p => (TensorNames.InFile(config.Kind, p.name), (Tensor)p.parameter)));
            if (tokenizer is not null && !Directory.Exists(tokenizer))
                File.Copy(tokenizer, Path.Combine(temporary, "vocab.txt"));
            else if (tokenizer is not null)
                foreach (var file in ModelFiles.OfTokenizer(tokenizer))
                    File.Copy(file, Path.Combine(temporary, Path.GetFileName(file)));
        });
    }

    private static BertConfig KeepLayers(BertConfig config, int? layers, string folder)
    {
        if (layers is null)
            return config;
        if (layers < 1 || layers > config.NumHiddenLayers)
            throw new ReplicationException(
                $"The model in {folder} has {config.NumHiddenLayers} layers; the first {layers} cannot be kept.");
        var pruned = config.PrunedHeads?.Where(p => p.Key < layers).ToDictionary();
        return config with { NumHiddenLayers = layers.Value, PrunedHeads = pruned is { Count: > 0 } ? pruned : null };
    }

    // The shapes are compared on a model without memory first, so that a config.json that lies allocates nothing.
    private static TModel Build<TModel>(
        ModelWeights weights, BertConfig config, Func<Device, TModel> create, IReadOnlyList<string> drawn, long seed, string prefix = "")
        where TModel : nn.Module
    {
        using (var shapes = create(META))
            weights.Check(Named(shapes).Where(p => !IsDrawn(p.Name)));
        var model = create(CPU);
        weights.Load(Named(model).Where(p => !IsDrawn(p.Name)));
        NewWeights.Draw(Named(model).Where(p => IsDrawn(p.Name)), config.InitializerRange, seed);
        return model;

        bool IsDrawn(string name) => drawn.Any(part => name.StartsWith(part, StringComparison.Ordinal));

        IEnumerable<(string Name, Parameter Value)> Named(nn.Module module) =>
            module.named_parameters().Select(p => (prefix + p.name, p.parameter));
    }
}
