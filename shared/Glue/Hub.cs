namespace Replication.Glue;

/// <summary>Where the Hugging Face hub keeps GLUE and models, and what they are called among the downloads.</summary>
public static class Hub
{
    private static readonly Uri Site = new("https://huggingface.co/");

    private static readonly string[] ModelFiles = ["config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors"];

    /// <summary>The Parquet file of a split.</summary>
    public static DownloadRequest Split(GlueTask task, GlueSplit split)
    {
        var file = $"{TaskLayout.Of(task).Config}/{TaskLayout.HubName(task, split)}-00000-of-00001.parquet";
        return new DownloadRequest(new Uri(Site, $"datasets/nyu-mll/glue/resolve/main/{file}"), $"glue/{file}");
    }

    /// <summary>The files of a model, the weights last, so that a folder with weights is whole.</summary>
    /// <param name="name">Its name in this suite.</param>
    /// <param name="repository">Its name on the hub.</param>
    public static IReadOnlyList<DownloadRequest> Model(string name, string repository) =>
        [.. ModelFiles.Select(file => new DownloadRequest(new Uri(Site, $"{repository}/resolve/main/{file}"), $"models/{name}/{file}"))];
}
