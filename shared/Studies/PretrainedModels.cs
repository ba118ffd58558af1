using Replication.Bert;

namespace Replication.Studies;

/// <summary>The depth of pretrained models, which plans need before a model is at hand.</summary>
public static class PretrainedModels
{
    /// <summary>Layers of a known name, or as a folder's config.json says.</summary>
    /// <exception cref="ReplicationException">It is neither.</exception>
    public static int Depth(string model) => model switch
    {
        "minilm-l6" => 6,
        "bert-base-uncased" or "random-bert-base" => 12,
        "bert-large-uncased" or "random-bert-large" => 24,
        _ when Directory.Exists(model) => ModelFolder.ReadConfig(model).NumHiddenLayers,
        _ => throw new ReplicationException(
            $"'{model}' is neither a known teacher nor a folder.{Suggestion.For(model, ["minilm-l6", "bert-base-uncased", "bert-large-uncased"])}", ReplicationException.UsageError),
    };
}
