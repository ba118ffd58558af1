using Replication.Bert;
using Replication.Measurements;

namespace Replication.Studies;

/// <summary>The geometry of pretrained models, which plans and reports need before any model is downloaded.</summary>
public static class PretrainedModels
{
    /// <summary>The geometry of a known name, or as a folder's config.json says.</summary>
    /// <exception cref="ReplicationException">It is neither.</exception>
    public static BertConfig Geometry(string model) => model switch
    {
        "minilm-l6" => CalibrationMeasurement.Geometry,
        "bert-base-uncased" or "random-bert-base" => BertConfig.Base,
        "bert-large-uncased" or "random-bert-large" => BertConfig.Large,
        _ when Directory.Exists(model) => ModelFolder.ReadConfig(model),
        _ => throw new ReplicationException(
            $"'{model}' is neither a known teacher nor a folder."
                + Suggestion.For(model, ["minilm-l6", "bert-base-uncased", "bert-large-uncased"]),
                ReplicationException.UsageError),
    };

    /// <summary>Its layers.</summary>
    /// <inheritdoc cref="Geometry" path="/exception"/>
    public static int Depth(string model) => Geometry(model).NumHiddenLayers;
}
