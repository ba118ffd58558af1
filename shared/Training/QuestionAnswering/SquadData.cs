using System.Text.Json;
using Replication.Bert;
using Replication.Glue;
using Replication.Glue.Squad;
using Replication.Runs;

namespace Replication.Training;

/// <summary>SQuAD as windows: to train on, with their marks, and to be measured on.</summary>
/// <param name="Train">Windows of the training questions.</param>
/// <param name="Measured">The questions that are measured.</param>
/// <param name="MeasuredWindows">Their windows.</param>
/// <param name="PaddingId">The id of padding.</param>
internal sealed record SquadData(
    IReadOnlyList<AnswerWindow> Train, SquadDataset Measured, IReadOnlyList<AnswerWindow> MeasuredWindows, int PaddingId)
{
    /// <summary>Reads and cuts, once per workspace.</summary>
    /// <param name="workspace">Where the data is.</param>
    /// <param name="spec">Which data, and how it is cut.</param>
    /// <param name="model">Model whose tokenizer is used.</param>
    public static SquadData Load(Workspace workspace, SquadSelection spec, string model) =>
        workspace.Cache.GetOrMake($"squad {spec} {model}", () =>
    {
        var folder = workspace.Models.Folder(model);
        var (train, dev) = Questions(workspace, spec);
        var windowing = new Windowing(spec.MaxLength, spec.Stride, spec.Form).Fit(ModelFolder.ReadConfig(folder).LongestInput);
        var pieces = ModelFolder.OpenTokenizer(folder);
        SquadChecks.Answers(train.Questions, spec.Version);
        SquadChecks.Answers(dev.Questions, spec.Version);
        return new SquadData(
            SquadEncoder.Encode(train.Questions, pieces, windowing, marksAnswers: true), dev,
            SquadEncoder.Encode(dev.Questions, pieces, windowing), pieces.Ids.Padding);
    });

    /// <summary>Whether there is no training set, but a dev set with a file beside it that splits its articles.</summary>
    public static bool SplitsDev(Workspace workspace, SquadVersion version) =>
        workspace.Glue.Tasks.Places(version == SquadVersion.V1 ? TaskDownload.Squad1 : TaskDownload.Squad2) is [null, { Paths: [var dev] }]
            && File.Exists(ArticlesOf(dev));

    /// <summary>The questions of a selection, each with where they came from.</summary>
    /// <exception cref="ReplicationException">Data is missing or malformed.</exception>
    public static (SquadDataset Train, SquadDataset Dev) Questions(Workspace workspace, SquadSelection spec)
    {
        var source = workspace.Glue.Tasks;
        var dev = source.Squad(spec.Version, SquadSplit.Dev);
        if (!spec.SplitsDev)
            return (First(source.Squad(spec.Version, SquadSplit.Train), spec.Questions), dev);
        var path = ArticlesOf(dev.Source);
        var articles = Json.Read<Dictionary<string, JsonElement>>(path);
        SquadDataset Part(string name)
        {
            var titles = articles.TryGetValue(name, out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(title => title.GetString()).ToHashSet(StringComparer.Ordinal)
                : throw new ReplicationException($"{path} has no list '{name}'; lists 'train' and 'evaluate' of articles were expected.");
            return dev with {
                Questions = [.. dev.Questions.Where(question => titles.Contains(question.Title))],
                Source = $"{dev.Source}, articles to {name}" };
        }
        return (First(Part("train"), spec.Questions), Part("evaluate"));
    }

    private static string ArticlesOf(string dev) => Path.Combine(Path.GetDirectoryName(dev)!, "articles.json");

    private static SquadDataset First(SquadDataset data, int? count) =>
        count is { } n ? data with { Questions = [.. data.Questions.Take(n)] } : data;
}

/// <summary>Which questions a run trains on and is measured on, and how passages are cut; part of a run's spec.</summary>
public sealed record SquadSelection
{
    /// <summary>The version.</summary>
    public required SquadVersion Version { get; init; }

    /// <summary>
    /// Uses a split of the dev set's articles, as an articles.json beside it tells, in place of the training set: not SQuAD's own measure.
    /// </summary>
    public bool SplitsDev { get; init; }

    /// <summary>Uses the first training questions only; null for all.</summary>
    public int? Questions { get; init; }

    /// <summary>Tokens of a window, or as many as the model has positions.</summary>
    public int MaxLength { get; init; } = 384;

    /// <summary>Tokens from window to window, or that two share.</summary>
    public int Stride { get; init; } = 128;

    /// <summary>Which of the two.</summary>
    public WindowForm Form { get; init; }

    /// <summary>SQuAD's name.</summary>
    public string Task() => Version == SquadVersion.V1 ? TaskDownload.Squad1 : TaskDownload.Squad2;
}
