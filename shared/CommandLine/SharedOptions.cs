using System.CommandLine;
using Replication.Bert;
using Replication.Glue;

namespace Replication.CommandLine;

/// <summary>Options of the verbs that are about one model.</summary>
internal static class SharedOptions
{
    /// <summary>The names of GLUE's tasks.</summary>
    public static IReadOnlyList<string> TaskNames { get; } = [.. GlueTasks.All.Select(t => t.Name)];

    /// <summary>The tasks that a model can be trained on with its labels: GLUE's, and those beside them.</summary>
    public static IReadOnlyList<string> TrainedTasks { get; } =
        [.. TaskNames, GlueTasks.Imdb.Name, TaskDownload.Race, TaskDownload.Squad1, TaskDownload.Squad2];

    /// <summary>How help calls the value of an option that takes a known model's name or a folder.</summary>
    public const string ModelName = "NAME|FOLDER";

    public static Option<string> Model(string description, string helpName) =>
        new("--model") { Description = description, HelpName = helpName, Required = true };

    private const string Automatic = "auto";

    public static Option<string?> Precision() => OptionFactory.Choice(
        "--precision",
        "Number format of the matrix products in training (default: auto, the faster one by a short timing on this machine).", Automatic,
        "fp32", "bf16");

    /// <summary>The precision of a name; null for none and for auto.</summary>
    public static Precision? ParsePrecision(string? name) =>
        name is null or Automatic ? null : Enum.Parse<Precision>(name, ignoreCase: true);

    public static Option<string?> Glove() =>
        OptionFactory.Text(
            "--glove", "Word vectors for the augmentation of words of several pieces, as GloVe's text files have them (default: those "
            + "words stay as they are).", "FILE");

    public static Option<string?> Task(IReadOnlyList<string>? names = null)
    {
        var option = OptionFactory.Choice("--task", names is null ? "GLUE task." : "Task of GLUE, or beside it.", [.. names ?? TaskNames]);
        option.Required = true;
        option.HelpName = "TASK";
        return option;
    }
}
