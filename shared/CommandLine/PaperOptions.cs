using System.CommandLine;
using Replication.Glue;
using Replication.Papers;

namespace Replication.CommandLine;

/// <summary>Options of the verbs that are about a paper's experiments.</summary>
internal sealed class PaperOptions
{
    private static readonly string[] Profiles = [.. Enum.GetNames<Profile>().Select(n => n.ToLowerInvariant())];

    public Option<string?> Profile { get; } = OptionFactory.Choice(
        "--profile", "How much is run (default: quick on a CPU, small on a GPU).", Profiles);

    public Option<int?> Seeds { get; } = OptionFactory.Integer("--seeds", "How many seeds (default: the profile's).", 1, 100);

    public Option<string[]?> Tasks { get; } = OptionFactory.Names("--tasks", "GLUE tasks, with commas between them (default: the profile's).", "A,B", GlueTaskNames);

    public Option<string?> Teacher { get; } = OptionFactory.Text("--teacher", "Pretrained model to start from: a name or a folder (default: the profile's).", "NAME|FOLDER");

    private static string[] GlueTaskNames => ["CoLA", "SST-2", "MRPC", "STS-B", "QQP", "MNLI", "QNLI", "RTE", "WNLI"];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Profile, Seeds, Tasks, Teacher])
            command.Options.Add(option);
    }

    /// <summary>What the user asked for; without a profile, the one that fits the device.</summary>
    public ExperimentRequest Request(ParseResult parse, string device) => new()
    {
        Profile = parse.GetValue(Profile) is { } name ? Enum.Parse<Profile>(name, ignoreCase: true) : device == "cuda" ? Papers.Profile.Small : Papers.Profile.Quick,
        Seeds = parse.GetValue(Seeds),
        Tasks = parse.GetValue(Tasks) ?? [],
        Teacher = parse.GetValue(Teacher),
        Device = device,
    };
}
