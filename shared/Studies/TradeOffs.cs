using Replication.Bert;
using Replication.Glue;

namespace Replication.Studies;

/// <summary>A network of a trade-off figure.</summary>
/// <param name="Variant">Gives its score.</param>
/// <param name="Geometry">Gives parameters and operations.</param>
/// <param name="Sample">Its name among the samples of the timing.</param>
/// <param name="Label">The text beside its point; null for none.</param>
public sealed record TradeOffPoint(Variant Variant, BertConfig Geometry, string Sample, string? Label = null);

/// <summary>Networks of one kind in a trade-off figure.</summary>
/// <param name="Name">Legend entry.</param>
/// <param name="Points">The networks.</param>
/// <param name="Joined">Whether a line joins them, in their order.</param>
public sealed record TradeOffSeries(string Name, IReadOnlyList<TradeOffPoint> Points, bool Joined = false);

/// <summary>Scores against what networks cost, beside the students of other papers that have the same teacher.</summary>
/// <param name="results">The study's runs.</param>
/// <param name="networks">The paper's own, the first of which must be measured for a task's figures to be drawn.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="timing">Latency of the networks; null where it was not timed.</param>
/// <param name="caption">What the lines are, in a sentence.</param>
public sealed class TradeOffs(
    StudyResults results, IReadOnlyList<TradeOffSeries> networks, TradeOffPoint teacher, Timing? timing, string caption)
{
    /// <summary>Tokens of the sequence that operations and latency are of.</summary>
    public const int Length = 128;

    /// <summary>Millions of parameters, embeddings and pooler included.</summary>
    public static double MillionParameters(BertConfig geometry) => ModelSize.Parameters(geometry) / 1e6;

    /// <summary>Billions of floating-point operations of the matrix products for 128 tokens.</summary>
    public static double BillionFlops(BertConfig geometry) => ModelSize.Flops(geometry, Length) / 1e9;

    /// <summary>The figures of a task: parameters, operations, latency; none where its runs are not finished.</summary>
    public IEnumerable<Figure> Of(GlueTask task)
    {
        var column = results.Study.MainColumn(task);
        if (results.Measure(networks[0].Points[0].Variant, column) is null)
            yield break;
        foreach (var axis in Axes())
        {
            var others = results.Others
                .Where(other => axis.OfOther is not null && other.Task == task.Name && other.Teacher == results.Study.TeacherModel)
                .ToList();
            yield return new ScatterFigure(
                $"{axis.Id}-{task.Name.ToLowerInvariant()}",
                $"{task}: score against {axis.Id}",
                $"{column.Heading} on {task}'s dev set against {axis.Id}, {results.Study.TeacherModel}'s geometry, {results.Profile} "
                    + $"profile, mean over seeds. {caption}"
                    + (others.Count == 0 ? "" : " Students of other papers have the same teacher and their own recipes."),
                axis.Label,
                $"{column.Heading} (%)",
                [.. Series(column, axis, others).Where(series => series.Points.Count > 0)]);
        }
    }

    private IEnumerable<Axis> Axes()
    {
        yield return Axis.Counted("parameters", "Parameters (M)", MillionParameters);
        yield return Axis.Counted("flops", $"FLOPs (G), {Length} tokens", BillionFlops);
        if (timing is not null)
            yield return new Axis(
                "latency", $"Latency (ms), one sequence of {Length} tokens",
                network => timing.Report.PassSeconds(network.Sample).Times(1000).Median, null);
    }

    private IEnumerable<ScatterSeries> Series(ScoreColumn column, Axis axis, IReadOnlyList<TrainedStudent> others)
    {
        IReadOnlyList<(double, double, string?)> Points(IEnumerable<TradeOffPoint> points) =>
        [
            .. from point in points
               let measured = results.Measure(point.Variant, column)
               where measured is not null
               select (axis.Of(point), measured.Value, point.Label),
        ];
        var geometry = PretrainedModels.Geometry(results.Study.TeacherModel);
        return
        [
            .. networks.Select(kind => new ScatterSeries(kind.Name, Points(kind.Points), kind.Joined)),
            .. from other in others
               let score = other.Score(column)
               where score is not null
               select new ScatterSeries(other.Method, [(axis.OfOther!(other.Geometry(geometry)), score.Value, null)]),
            new ScatterSeries("teacher", Points([teacher])),
        ];
    }

    // What a score is shown against: of a network, and of another paper's student where it is known.
    private sealed record Axis(string Id, string Label, Func<TradeOffPoint, double> Of, Func<BertConfig, double>? OfOther)
    {
        public static Axis Counted(string id, string label, Func<BertConfig, double> of) =>
            new(id, label, network => of(network.Geometry), of);
    }
}
