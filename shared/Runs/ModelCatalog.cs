namespace Replication.Runs;

/// <summary>Pretrained models by name ("minilm-l6", "bert-base-uncased") or by the path of a folder.</summary>
public sealed class ModelCatalog
{
    /// <summary>The folder of a model in Hugging Face's layout.</summary>
    /// <exception cref="ReplicationException">Unknown or not here; the message says how to get it.</exception>
    public string Folder(string name) => throw new NotImplementedException();

    /// <summary>The model with the digest of its weights, as a run's input.</summary>
    public RunInput Input(string name) => throw new NotImplementedException();
}
