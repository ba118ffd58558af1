using Replication.Bert;
using Replication.Glue;

namespace Replication.Training;

/// <summary>How many tokens a text may have with a model.</summary>
public static class ModelLength
{
    /// <summary>The usual length of a task's texts: reviews and passages are longer than sentences.</summary>
    /// <param name="task">The task's name; null for none.</param>
    public static int Usual(string? task) => (task is null ? null : TaskDownload.Find(task)) switch
    {
        null => new TrainingRecipe().MaxLength,
        TaskDownload.Squad1 or TaskDownload.Squad2 => new Windowing().MaxLength,
        _ => 512,
    };

    /// <summary>The length that was asked for, or the usual one as far as model and tokenizer take so many tokens.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="asked">What was asked for; null for nothing.</param>
    /// <param name="usual">The usual length.</param>
    /// <exception cref="ReplicationException">The model has not so many positions, or its tokenizer's model_max_length is less.</exception>
    public static int Of(string folder, int? asked, int usual)
    {
        var longest = ModelFolder.LongestInput(folder);
        if (asked is < 4 || asked > longest)
        {
            var reason = longest < ModelFolder.ReadConfig(folder).LongestInput ? ", the model_max_length of its tokenizer_config.json" : "";
            throw new ReplicationException(
                $"The longest text is {asked} tokens; for the model in {folder} it must be from 4 to {longest}{reason}.",
                ReplicationException.UsageError);
        }
        return asked ?? Math.Min(usual, longest);
    }
}
