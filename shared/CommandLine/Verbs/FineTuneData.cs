using Replication.Distillation;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Glue.Squad;
using Replication.Runs;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>The data that finetune trains on, and the run that follows from it.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Lines">Which file each split came from, for people.</param>
/// <param name="Files">The same by split.</param>
/// <param name="Spec">The run of a base model, a recipe and a seed.</param>
internal sealed record FineTuneData(
    string Task, IReadOnlyList<string> Lines, IReadOnlyDictionary<string, string> Files, Func<string, TrainingRecipe, int, RunSpec> Spec)
{
    /// <summary>The data of a task.</summary>
    /// <exception cref="ReplicationException">It is missing or malformed.</exception>
    public static FineTuneData Of(Workspace workspace, string name, int? rows) => TaskDownload.Find(name) switch
    {
        TaskDownload.Squad1 => OfSquad(workspace, SquadVersion.V1, rows),
        TaskDownload.Squad2 => OfSquad(workspace, SquadVersion.V2, rows),
        TaskDownload.Race => OfRace(workspace, rows),
        _ => OfGlue(workspace, GlueTasks.Parse(name), rows),
    };

    /// <summary>Says which file each split came from.</summary>
    public void Show(Display display)
    {
        foreach (var line in Lines)
            display.Say(line);
    }

    private static FineTuneData OfGlue(Workspace workspace, GlueTask task, int? rows)
    {
        var selection = new TaskSelection { Task = task.Name, Rows = rows };
        List<GlueSplit> splits = [.. selection.Splits(task)];
        workspace.Glue.CheckGiven(task, splits);
        var sets = splits.ConvertAll(split => workspace.Glue.Load(task, split));
        return new FineTuneData(
            task.Name, [.. sets.Select(ScoreView.Describe)],
            sets.ToDictionary(set => set.Split.ToString(), set => set.Source, StringComparer.Ordinal), OfClassifier(selection));
    }

    private static FineTuneData OfRace(Workspace workspace, int? rows)
    {
        var sets = new[] { RaceSplit.Train, RaceSplit.Dev }.Select(workspace.Glue.Tasks.Race).ToList();
        return new FineTuneData(
            TaskDownload.Race,
            [.. sets.Select(
                set => FormattableString.Invariant(
                $"RACE's {set.Split.ToString().ToLowerInvariant()} set: {set.Source} ({set.Questions.Count:N0} questions)"))],
            sets.ToDictionary(set => set.Split.ToString(), set => set.Source, StringComparer.Ordinal),
            OfClassifier(new TaskSelection { Task = TaskDownload.Race, Rows = rows }));
    }

    private static FineTuneData OfSquad(Workspace workspace, SquadVersion version, int? rows)
    {
        var selection = new SquadSelection { Version = version, Questions = rows, SplitsDev = SquadData.SplitsDev(workspace, version) };
        var (train, dev) = SquadData.Questions(workspace, selection);
        var lines = new[] { ("train on", train), ("measure", dev) }
            .Select(part => FormattableString.Invariant(
                $"{selection.Task()} to {part.Item1}: {part.Item2.Source} ({part.Item2.Questions.Count:N0} questions)"));
        return new FineTuneData(
            selection.Task(),
            [.. lines, .. selection.SplitsDev ? (string[])["The training set is not here: the dev set's articles are split as "
                + "articles.json beside it says, so the scores are not SQuAD's own."] : []],
            new Dictionary<string, string> { ["Train"] = train.Source, ["Dev"] = dev.Source },
            (model, recipe, seed) => new QuestionAnsweringSpec {
                Selection = selection with { MaxLength = recipe.MaxLength }, BaseModel = model, Recipe = recipe, Seed = seed });
    }

    private static Func<string, TrainingRecipe, int, RunSpec> OfClassifier(TaskSelection selection) =>
        (model, recipe, seed) => new FineTuneSpec { Selection = selection, BaseModel = model, Recipe = recipe, Seed = seed };
}
