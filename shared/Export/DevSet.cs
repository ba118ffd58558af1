using Replication.Bert;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Glue.Squad;
using Replication.Inference;

namespace Replication.Export;

/// <summary>Scores an exported folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="maxLength">Longest text in tokens, or tokens of a window.</param>
/// <param name="onTexts">Called with how many texts of how many are done; null for none.</param>
/// <param name="cancellation">Stops between two batches.</param>
/// <returns>The task's official metrics as fractions; null where one is undefined.</returns>
public delegate IReadOnlyDictionary<string, double?> DevScorer(
    string folder, int maxLength, Action<int, int>? onTexts, CancellationToken cancellation);

/// <summary>A task's dev set: what an exported model is compared on with its original, and scored on.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Head">What a model needs for it.</param>
/// <param name="Size">Its rows or questions, in words.</param>
/// <param name="Sha256">Digest of its content.</param>
/// <param name="Texts">Its texts; of a multiple choice one an option, those of a question together.</param>
/// <param name="Score">Scores an exported folder on all of it.</param>
public sealed record DevSet(string Task, ModelHead Head, string Size, string Sha256, IReadOnlyList<TextInput> Texts, DevScorer Score)
{
    // Dev sets hold what they hold.
    private const int MaxCharacters = 10_000_000;

    /// <summary>That of a task by its name.</summary>
    /// <param name="task">The name, of GLUE or beside it.</param>
    /// <param name="data">Where it is read.</param>
    /// <exception cref="ReplicationException">It is missing or malformed, or there is no such task.</exception>
    public static DevSet Of(string task, GlueSource data) => TaskDownload.Find(task) switch
    {
        TaskDownload.Squad1 => Of(data.Tasks.Squad(SquadVersion.V1, SquadSplit.Dev)),
        TaskDownload.Squad2 => Of(data.Tasks.Squad(SquadVersion.V2, SquadSplit.Dev)),
        TaskDownload.Race => Of(data.Tasks.Race(RaceSplit.Dev)),
        _ => Of(data.Load(GlueTasks.Parse(task), GlueSplit.Dev)),
    };

    /// <summary>The texts of a task's training set, of a multiple choice one option of each question.</summary>
    /// <inheritdoc cref="Of(string, GlueSource)"/>
    public static IReadOnlyList<TextInput> TrainingTexts(string task, GlueSource data) => TaskDownload.Find(task) switch
    {
        TaskDownload.Squad1 => Pairs(data.Tasks.Squad(SquadVersion.V1, SquadSplit.Train)),
        TaskDownload.Squad2 => Pairs(data.Tasks.Squad(SquadVersion.V2, SquadSplit.Train)),
        TaskDownload.Race => [.. data.Tasks.Race(RaceSplit.Train).Questions.Index().Select(
            question => new TextInput(question.Item.Article, question.Item.WithOption(question.Index % RaceQuestion.Choices)))],
        _ => [.. data.Load(GlueTasks.Parse(task), GlueSplit.Train).Examples.Select(Text)],
    };

    /// <summary>That of a task whose texts get a class or a score.</summary>
    public static DevSet Of(GlueDataset data) => new(
        data.Task.Name, ModelHead.SequenceClassification, FormattableString.Invariant($"{data.Examples.Count} rows"), data.Sha256,
        [.. data.Examples.Select(Text)], (folder, maxLength, _, cancellation) =>
        {
            using var classifier =
                BertClassifier.Open(folder, new BertClassifierOptions { MaxLength = maxLength, MaxCharacters = MaxCharacters });
            return Scores(data, classifier, folder, cancellation);
        });

    /// <summary>That of SQuAD.</summary>
    public static DevSet Of(SquadDataset data) => new(
        data.Version == SquadVersion.V1 ? TaskDownload.Squad1 : TaskDownload.Squad2, ModelHead.QuestionAnswering,
        Questions(data.Questions.Count), data.Sha256, Pairs(data), (folder, maxLength, onTexts, cancellation) =>
        {
            using var answerer = BertAnswerer.Open(
                folder, new BertAnswererOptions { Windowing = new Windowing(maxLength), MaxCharacters = MaxCharacters });
            return SquadScorer.Score(data, SquadPredictions.Of(answerer, data, data.Version.Search(), cancellation, onTexts));
        });

    /// <summary>That of RACE; of its texts so many questions that their options are as many as are compared.</summary>
    public static DevSet Of(RaceDataset data) => new(
        TaskDownload.Race, ModelHead.MultipleChoice, Questions(data.Questions.Count), data.Sha256,
        [.. VerificationTexts.Spaced(data.Questions, VerificationTexts.Count / RaceQuestion.Choices).SelectMany(question =>
            Enumerable.Range(0, RaceQuestion.Choices).Select(choice => new TextInput(question.Article, question.WithOption(choice))))],
        (folder, maxLength, onTexts, cancellation) => ExportedChoices.Evaluate(
            folder, RaceEncoder.Encode(data.Questions, ModelFolder.OpenTokenizer(folder), maxLength), threads: null, cancellation, onTexts)
            .Scores);

    /// <summary>A classifier's official metrics on a dev set, its classes found by their names.</summary>
    /// <param name="data">The dev set.</param>
    /// <param name="model">The classifier.</param>
    /// <param name="folder">Its folder, for messages.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="ReplicationException">It has other classes than the task.</exception>
    internal static IReadOnlyDictionary<string, double?> Scores(
        GlueDataset data, ITextClassifier model, string folder, CancellationToken cancellation)
    {
        var order = LabelOrder.Of(folder, model.Labels, data.Task);
        var logits = model.Logits([.. data.Examples.Select(Text)], cancellation);
        return GlueScorer.Score(data.Task, [.. logits.Select(order.Sort)], [.. data.Examples.Select(e => e.Label ?? float.NaN)]);
    }

    /// <summary>A row as the classifiers take it.</summary>
    internal static TextInput Text(GlueExample row) => new(row.Sentence1, row.Sentence2);

    private static IReadOnlyList<TextInput> Pairs(SquadDataset data) =>
        [.. data.Questions.Select(question => new TextInput(question.Question, question.Context))];

    private static string Questions(int count) => FormattableString.Invariant($"{count} questions");
}
