using System.CommandLine;
using Replication.Papers;

namespace Replication.CommandLine;

/// <summary>Options of the verbs that are about a paper's experiments.</summary>
internal sealed class PaperOptions
{
    private static readonly string[] Profiles = [.. Enum.GetNames<Profile>().Select(n => n.ToLowerInvariant())];

    public Option<string?> Profile { get; } = ProfileOption("How much is run (default: quick on a CPU, small on a GPU).");

    public Option<int?> Seeds { get; } = OptionFactory.Integer("--seeds", "How many seeds (default: the profile's).", 1, 100);

    public Option<string[]?> Tasks { get; } = OptionFactory.Names("--tasks", "GLUE tasks, with commas between them (default: the profile's).", "A,B", SharedOptions.TaskNames);

    public Option<string?> Teacher { get; } = OptionFactory.Text("--teacher", "Pretrained model to start from: a name or a folder (default: the profile's).", "NAME|FOLDER");

    public Option<string?> Corpus { get; } = OptionFactory.Text("--corpus", "Text to pre-train or distil on: a sentence a line, an empty line between documents (default: the profile's).", "FILE");

    public Option<string?> Precision { get; } = SharedOptions.Precision("the profile's");

    /// <summary>The option that names a profile.</summary>
    public static Option<string?> ProfileOption(string description) => OptionFactory.Choice("--profile", description, Profiles);

    /// <summary>The profile of a name; null for none.</summary>
    public static Profile? Parse(string? name) => name is null ? null : Enum.Parse<Profile>(name, ignoreCase: true);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Profile, Seeds, Tasks, Teacher, Corpus, Precision])
            command.Options.Add(option);
    }

    /// <summary>What the user asked for; without a profile, the one that fits the device.</summary>
    public ExperimentRequest Request(ParseResult parse, string device) => new()
    {
        Profile = Parse(parse.GetValue(Profile)) ?? (device == "cuda" ? Papers.Profile.Small : Papers.Profile.Quick),
        Seeds = parse.GetValue(Seeds),
        Tasks = parse.GetValue(Tasks) ?? [],
        Teacher = parse.GetValue(Teacher),
        Corpus = parse.GetValue(Corpus),
        Precision = SharedOptions.ParsePrecision(parse.GetValue(Precision)),
        Device = device,
    };
}
