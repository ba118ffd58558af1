using MathNet.Numerics.Statistics;
using Replication.Bert;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Studies;

/// <summary>A study's finished runs, looked up by variant, task and replicate.</summary>
/// <param name="study">What was declared.</param>
/// <param name="find">Gives a finished run or null.</param>
/// <param name="others">Students of other papers that figures may show.</param>
public sealed class StudyResults(Study study, Func<RunSpec, FinishedRun?> find, IReadOnlyList<TrainedStudent>? others = null)
{
    private readonly Dictionary<(string Variant, string Task, int Replicate),
        (RunSpec? Spec, (RunSpec Spec, FinishedRun Run)? Training)> _declared = [];

    /// <summary>What was declared.</summary>
    public Study Study => study;

    /// <summary>Students of other papers that figures may show.</summary>
    public IReadOnlyList<TrainedStudent> Others => others ?? [];

    /// <summary>The profile's name.</summary>
    public string Profile => study.Request.ProfileName();

    /// <summary>"mean", or what the paper takes instead.</summary>
    internal string AverageWord => study.TakesMedians ? "median" : "mean";

    /// <summary>Says in captions that scores cannot be compared; empty where they can.</summary>
    internal string Caveat =>
        study.IsPapersOwn ? "" : $", {study.Setting.Replace(" | ", ", ", StringComparison.Ordinal)}, so not comparable";

    /// <summary>A run as it is in the store.</summary>
    public FinishedRun? Find(RunSpec? spec) => spec is null ? null : find(spec);

    /// <summary>A training that is finished: the run itself, or the one that a search chose.</summary>
    public (RunSpec Spec, FinishedRun Run)? Training(RunSpec? spec)
    {
        if (Find(spec) is not { } run)
            return null;
        if (spec is not SelectionSpec search)
            return (spec!, run);
        var chosen = search.ChosenBy(run.Result);
        // A search's result is that of its choice, so it serves where the choice itself is not kept.
        return (chosen, find(chosen) ?? run);
    }

    /// <summary>
    /// The spec of a variant's training: the one that a search chose, or its first point while the search is not finished.
    /// </summary>
    public RunSpec? SpecOf(Variant variant, GlueTask task, int replicate) => variant.Run(task, replicate) switch
    {
        SelectionSpec search => Training(search)?.Spec ?? search.Candidates[0],
        var spec => spec,
    };

    // A variant's run with its training, looked up once: the key of a search over many points takes long.
    private (RunSpec? Spec, (RunSpec Spec, FinishedRun Run)? Training) Declared(Variant variant, GlueTask task, int replicate)
    {
        var identity = (variant.Name, task.Name, replicate);
        if (_declared.TryGetValue(identity, out var known))
            return known;
        var spec = variant.Run(task, replicate);
        return _declared[identity] = (spec, Training(spec));
    }

    /// <summary>The score of each replicate that is finished; undefined ones are left out.</summary>
    public IReadOnlyList<Score> Scores(Variant variant, ScoreColumn column)
    {
        var scores = new List<Score>();
        for (var replicate = 1; replicate <= (variant.Replicates ?? study.Replicates); replicate++)
        {
            var (spec, found) = Declared(variant, column.Task, replicate);
            if (found is not var (training, run))
                continue;
            double? Share(string name) => run.Result.Scores.GetValueOrDefault(name)?.GetValueOrDefault(column.MetricName);
            double?[] shares = [.. variant.Reads(column.Split).Select(Share)];
            if (shares.All(share => share is not null))
                scores.Add(new Score(replicate, shares.Average(share => 100 * share!.Value), training, run, spec as SelectionSpec));
        }
        return scores;
    }

    /// <summary>Mean or median over the replicates, with spread and signature; null where none is finished.</summary>
    public Measurement? Measure(Variant variant, ScoreColumn column)
    {
        var scores = Scores(variant, column);
        return scores.Count == 0 ? null : new Measurement(
            study.TakesMedians ? scores.Select(s => s.Value).Median() : scores.Average(s => s.Value),
            scores.Count > 1 ? scores.Select(s => s.Value).StandardDeviation() : null,
            [.. scores.Select(s => s.Replicate)],
            Signature(variant, column, scores));
    }

    /// <summary>
    /// Whether a task's teacher has learnt anything, from its score and what the students' runs know of the dev set; null where neither
    /// is finished.
    /// </summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="column">The task's column.</param>
    /// <param name="students">Scores of students on it.</param>
    internal TeacherSignal? Signal(Variant teacher, ScoreColumn column, IEnumerable<Score> students) =>
        Scores(teacher, column) is not [var taught, ..] ? null : students
            .Select(score => TeacherSignals.Of(column.Task, column.Metric, taught.Value, score.Run.Result.Facts))
            .OfType<TeacherSignal>().FirstOrDefault();

    /// <summary>A measured cell, or one that says what is missing.</summary>
    public Cell Cell(Variant variant, ScoreColumn column) =>
        variant.IsCited ? new Cell("")
        : Measure(variant, column) is { } measured
        ? new Cell(NumberText.Of(measured.Value, measured.Spread), measured.Signature, CellKind.Measured)
        : new Cell("not run", Missing(variant, [column.Task]), CellKind.Missing);

    /// <summary>The share of a teacher's score that a variant keeps, in %, or a cell that says what is missing.</summary>
    public Cell KeptCell(Variant variant, Variant teacher, ScoreColumn column) =>
        Measure(variant, column) is { } own && Measure(teacher, column) is { Value: not 0 } taught
            ? new Cell(
                NumberText.Of(Math.Round(100 * own.Value / taught.Value, 1)),
                SignatureParts.Join(own.Signature, $"share of the {teacher.Name}'s"), CellKind.Measured)
            : new Cell("not run", Missing(variant, [column.Task]), CellKind.Missing);

    /// <summary>
    /// The mean over some tasks' main metrics; null where one is not measured, since means over other tasks do not compare.
    /// </summary>
    public Measurement? MeasureMean(Variant variant, IReadOnlyList<GlueTask> tasks)
    {
        var scores = tasks.Select(task => Measure(variant, study.MainColumn(task))).OfType<Measurement>().ToList();
        return scores.Count == 0 || scores.Count < tasks.Count ? null : new Measurement(
            scores.Average(score => score.Value), null, scores[0].Replicates,
            SignatureParts.Join(
                $"mean over {string.Join(", ", tasks.Select(task => task.Name))}",
                variant.Who ?? variant.Name, variant.Setting ?? study.Setting, Profile, SignatureParts.Replicates(scores[0].Replicates)));
    }

    /// <summary>A measured mean, or a cell that says what is missing.</summary>
    public Cell MeanCell(Variant variant, IReadOnlyList<GlueTask> tasks) =>
        variant.IsCited ? new Cell("")
        : MeasureMean(variant, tasks) is { } mean ? new Cell(NumberText.Of(mean.Value), mean.Signature, CellKind.Measured)
        : new Cell(
            "not run", "Not every task of this table is run for this row, and a mean over others would not compare.", CellKind.Missing);

    /// <summary>A row of one run: its name, then what the run holds, or as many cells that say that it is not finished.</summary>
    /// <param name="name">The first cell.</param>
    /// <param name="spec">The run.</param>
    /// <param name="columns">How many cells follow.</param>
    /// <param name="cells">The cells of a finished run.</param>
    public IReadOnlyList<Cell> Row(string name, RunSpec spec, int columns, Func<FinishedRun, IReadOnlyList<Cell>> cells) =>
        [new Cell(name), .. Find(spec) is { } run ? cells(run) : Enumerable.Repeat(NotFinished, columns)];

    /// <summary>A cell of a run that is not finished.</summary>
    public static Cell NotFinished { get; } = new("not run", "This run is not finished.", CellKind.Missing);

    /// <summary>Why a variant has no score on any of some tasks.</summary>
    public string Missing(Variant variant, IEnumerable<GlueTask> tasks) => variant.Needs
        ?? (tasks.Any(task => variant.Run(task, 1) is not null) ? "These runs are not finished." : "This profile has no such runs.");

    // The line beside a measured number: two numbers may be compared only if their lines say so.
    private string Signature(Variant variant, ScoreColumn column, IReadOnlyList<Score> scores)
    {
        var training = scores[0].Spec as TaskTrainingSpec;
        return SignatureParts.Join(
            $"{column.Task}/{column.Split} {column.MetricName}",
            variant.Who ?? variant.Name,
            variant.Setting ?? study.Setting,
            variant.Says(scores),
            Profile,
            training?.Selection.Rows is { } rows ? $"first {rows} rows" : "",
            SignatureParts.Replicates([.. scores.Select(s => s.Replicate)]),
            scores[0].Run.Manifest.Environment.Device + (training is null ? "" : $" {training.Recipe.Precision.Word()}"),
            SignatureParts.Runs(scores.Select(s => s.Run)));
    }
}
