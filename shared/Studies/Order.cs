using System.Globalization;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>A claim that one side beats the other, from differences of equal task and replicate.</summary>
/// <param name="Id">Last part of the claim's id, such as "attn" of "tinybert.order.attn".</param>
/// <param name="Statement">The claim in one sentence.</param>
/// <param name="Better">The side that is claimed to be better; of several variants, their mean.</param>
/// <param name="Worse">The other side.</param>
public sealed record Order(string Id, string Statement, IReadOnlyList<Variant> Better, IReadOnlyList<Variant> Worse)
{
    /// <summary>The table that it is read from; null for the first one that shows all of its variants.</summary>
    public string? Table { get; init; }

    /// <summary>The published difference; null where there is none.</summary>
    public double? Published { get; init; }

    /// <summary>How well it is sourced.</summary>
    public Confidence Confidence { get; init; } = Confidence.Sourced2;

    /// <summary>What is compared, for the signature; null for "A minus B".</summary>
    public string? What { get; init; }

    /// <summary>The tasks; null for all of the study.</summary>
    public IReadOnlyList<GlueTask>? Tasks { get; init; }

    /// <summary>Teachers that must have learnt something; null for the study's.</summary>
    public IReadOnlyList<Variant>? Teachers { get; init; }

    /// <summary>
    /// Whether it is one of the three or four on which the paper is judged; they share one level. Others are tested alone.
    /// </summary>
    public bool IsPrimary { get; init; }

    /// <summary>What it says of the difference.</summary>
    public OrderForm Form { get; init; } = OrderForm.Superiority;

    /// <summary>
    /// The smallest difference that would matter, or the margin of a claim of "no worse", in points; null for the study's.
    /// </summary>
    public double? SmallestEffect { get; init; }

    /// <summary>What the difference of two scores is, the better side's first; null where a pair says nothing.</summary>
    public Func<Score, Score, ScoreColumn, double?> Difference { get; init; } = (better, worse, _) => better.Value - worse.Value;

    /// <summary>
    /// A claim that a student keeps a share of its teacher's score: no less than that, by the margin <see cref="SmallestEffect"/>.
    /// </summary>
    /// <param name="id">Last part of the claim's id.</param>
    /// <param name="statement">The claim in one sentence.</param>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="published">The published share of a task in %; null where there is none.</param>
    public static Order Keeps(string id, string statement, Variant student, Variant teacher, Func<ScoreColumn, double?> published) =>
        new(id, statement, [student], [teacher])
    {
        What = "share kept minus the published share",
        Form = OrderForm.NonInferiority,
        Difference = (own, taught, column) =>
            published(column) is { } share && taught.Value > 0 ? (100 * own.Value / taught.Value) - share : null,
    };

    internal StudyPart Part(Study study) =>
        new(TableOf(study), [IdOf(study)], [.. Better, .. Worse], []) { Tasks = Tasks, NeedsAll = true };

    /// <summary>The differences of equal task and replicate that are finished.</summary>
    public IReadOnlyList<PairedDifference> Pairs(StudyResults results) =>
        [.. ByTask(results).SelectMany(task => task.Pairs).Select(pair => pair.Difference)];

    /// <summary>What was measured for it.</summary>
    internal OrderEvidence Evidence(StudyResults results)
    {
        var study = results.Study;
        var byTask = ByTask(results);
        var pairs = byTask.SelectMany(t => t.Pairs).ToList();
        TeacherSignal[] silent =
        [
            .. from t in byTask
               from teacher in Teachers ?? [study.Teacher]
               let signal = results.Signal(teacher, t.Column, t.Scores)
               where signal is { Exists: false }
               orderby signal.Task
               select signal,
        ];
        var scores = byTask.SelectMany(t => t.Scores).ToList();
        return new OrderEvidence
        {
            Claim = new Claim
            {
                Id = IdOf(study), Paper = study.Paper, Table = TableOf(study), Kind = ClaimKind.Order, Statement = Statement,
                Published = Published,
                Confidence = Confidence, Unit = "points", Finding = study.Finding(IdOf(study)),
            },
            Form = Form,
            SmallestEffect = SmallestEffect ?? study.SmallestEffectOf(this),
            Differences = [.. pairs.Select(p => p.Difference)],
            Tasks = [.. byTask.Where(t => silent.All(s => s.Task != t.Column.Task.Name)).Select(t => t.Column.Task.Name)],
            Signature = SignatureParts.Join(
                $"{string.Join(", ", byTask.Where(t => t.Pairs.Count > 0).Select(t => t.Column.Task))}/dev main metric",
                What ?? $"{Names(Better)} minus {Names(Worse)}",
                SignatureParts.Join(
                    Better.Concat(Worse).Select(variant => variant.Setting ?? study.Setting).Distinct(StringComparer.Ordinal)),
                scores.Any(s => s.Search?.Split == "dev") ? "hyper-parameters chosen on dev" : "", results.Profile,
                SignatureParts.Replicates([.. pairs.Select(p => p.Difference.Replicate).Distinct().Order()]),
                SignatureParts.Runs(scores.Select(s => s.Run))),
            OverRows = IsPlain ? DevRows.Interval(IdOf(study), [.. byTask.Select(t => (t.Column, t.Pairs))]) : null,
            Shared = SharedDraws.Of(pairs.Select(p => (p.Difference.Replicate, (IReadOnlyList<RunSpec>)[p.Better.Spec, p.Worse.Spec]))),
            Needs = Missing(results),
            Next = study.Settling(IdOf(study)),
            Note = (silent.Length == 0 ? "" : $" Left out: {string.Join("; ", silent.Select(t => t.Words))}.")
                + (Form == OrderForm.NonInferiority ? string.Create(
                CultureInfo.InvariantCulture, $" Margin {SmallestEffect ?? study.SmallestEffectOf(this):0.##} points.") : "")
                + (IsPrimary ? "" : " A secondary order, tested alone."),
        };
    }

    // Of one score per side, whose difference other rows of the dev set would give too.
    private bool IsPlain => What is null && Better.Count == 1 && Worse.Count == 1;

    // The tasks on which both sides are run and that say something for the claim: fixed by the study, not by what is finished.
    private IReadOnlyList<Compared> ByTask(StudyResults results) =>
    [
        .. (Tasks ?? results.Study.Tasks).Where(task => Better.Concat(Worse).All(variant => variant.Run(task, 1) is not null))
            .Select(task => Compare(results, results.Study.MainColumn(task))).Where(t => t.SaysSomething),
    ];

    private Compared Compare(StudyResults results, ScoreColumn column)
    {
        var (better, worse) = (Side(results, Better, column), Side(results, Worse, column));
        // One teacher may serve all replicates.
        var serves = Worse is [{ Replicates: 1 }] && worse.Count == 1;
        return new Compared(
            column,
            [
                .. from a in better
                   from b in worse
                   where serves || a.Replicate == b.Replicate
                   let difference = Difference(a, b, column)
                   where difference is not null
                   select new ScoredDifference(new PairedDifference(column.Task.Name, a.Replicate, difference.Value), a, b),
            ],
            [.. better, .. worse],
            better.Count * worse.Count);
    }

    // The mean over a side's variants by replicate; a replicate that lacks one is left out.
    private static IReadOnlyList<Score> Side(StudyResults results, IReadOnlyList<Variant> side, ScoreColumn column) =>
    [
        .. side.SelectMany(variant => results.Scores(variant, column)).GroupBy(score => score.Replicate)
            .Where(scores => scores.Count() == side.Count).Select(scores => scores.First() with { Value = scores.Average(s => s.Value) }),
    ];

    private string Missing(StudyResults results) => Better.Concat(Worse).Select(variant => variant.Needs).OfType<string>().FirstOrDefault()
        ?? (Better.Concat(Worse).Any(variant => (Tasks ?? results.Study.Tasks).All(task => variant.Run(task, 1) is null))
            ? "This profile does not run both sides; small and paper do."
            : $"Needs the runs of this profile: {results.Study.Request.Command(results.Study.Verb)}.");

    private string IdOf(Study study) => $"{study.Prefix}.order.{Id}";

    private string TableOf(Study study) => Table
        ?? study.Tables.OfType<ScoreTable>()
            .FirstOrDefault(table => Better.Concat(Worse).All(variant => table.Rows.Any(row => row.Name == variant.Name)))?.Table
        ?? throw new InvalidOperationException($"No table shows both sides of the order {Id}; name the one that it is read from.");

    private static string Names(IReadOnlyList<Variant> side) => string.Join(", ", side.Select(variant => variant.Name));

    private sealed record Compared(ScoreColumn Column, IReadOnlyList<ScoredDifference> Pairs, IReadOnlyList<Score> Scores, int Matches)
    {
        // False where both sides have scores and no published share.
        public bool SaysSomething => Pairs.Count > 0 || Matches == 0;
    }
}

/// <summary>A difference with the two scores that it is of.</summary>
/// <param name="Difference">Better minus worse.</param>
/// <param name="Better">The side that is claimed to be better.</param>
/// <param name="Worse">The other.</param>
internal sealed record ScoredDifference(PairedDifference Difference, Score Better, Score Worse);
