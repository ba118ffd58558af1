namespace Replication.Bert;

/// <summary>Model folders in Hugging Face's layout: config.json, model.safetensors or pytorch_model.bin, vocab.txt.</summary>
public static class ModelFolder
{
    /// <summary>Opens an encoder with a classifier on it. Where the folder holds no classifier, a new one is drawn from <paramref name="seed"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="outputs">Outputs that are expected; a classifier of another size is refused, or replaced if <paramref name="newClassifier"/>.</param>
    /// <param name="layers">Keeps the first layers only; null for all.</param>
    /// <param name="newClassifier">Draws a new classifier even if there is one.</param>
    /// <param name="seed">Seed of new weights.</param>
    public static BertForSequenceClassification OpenClassifier(
        string folder, int outputs, int? layers = null, bool newClassifier = false, long seed = 0) => throw new NotImplementedException();

    /// <summary>The geometry in a folder's config.json.</summary>
    public static BertConfig ReadConfig(string folder) => throw new NotImplementedException();

    /// <summary>Writes a classifier as transformers would: names, shapes, config keys; labels as id2label; vocab.txt copied along.</summary>
    public static void Save(BertForSequenceClassification model, string folder, IReadOnlyList<string> labels, string? vocabularyFile) =>
        throw new NotImplementedException();
}
