using Replication.Bert;
using Replication.Claims;
using Replication.TinyBERT.Report;
using Replication.TinyBERT.Speed;

namespace Replication.TinyBERT.Claims;

/// <summary>Parameters, FLOPs and speed-ups of Table 1, and the layer maps: no training needed.</summary>
internal static class SizeAndSpeedClaims
{
    private const string WithProjection =
        "TinyBERT4 has 14.35 M parameters, and 14.59 M with the matrix of 312 x 768 that brings its states to the teacher's width and is no part of the model in use; 14.5 M fits neither count.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        .. from subject in SpeedSpec.Subjects from metric in (string[])["#params", "#FLOPs"] select Size(cells, subject, metric),
        Map(12, 4, [3, 6, 9, 12]),
        Map(12, 6, [2, 4, 6, 8, 10, 12]),
        .. SpeedSpec.Subjects.Skip(1).Select(subject => Speed(results, cells, subject.Name)),
    ];

    private static string Id(string model) => model == SpeedSpec.Base ? "bert-base" : model.ToLowerInvariant();

    private static ClaimOutcome Size(PublishedCells cells, (string Name, BertConfig Config) subject, string metric)
    {
        var cell = cells.Find("Table 1", subject.Name, "-", metric);
        var claim = new Claim
        {
            Id = $"tinybert.table1.{Id(subject.Name)}.{metric[1..].ToLowerInvariant()}",
            Paper = "TinyBERT",
            Table = "Table 1",
            Kind = ClaimKind.Size,
            Statement = metric == "#params" ? $"{subject.Name} has {cell.Text} M parameters." : $"{subject.Name} takes {cell.Text} billion floating-point operations.",
            Published = cell.Number,
            Confidence = cell.Confidence,
            Unit = cell.Unit,
            Tolerance = metric == "#params" ? Tolerances.Rounding(cell.Text) : Tolerances.Flops(cell.Text),
            Finding = (subject.Name, metric) == ("TinyBERT4", "#params") ? WithProjection : null,
        };
        return VerdictRule.Against(claim, new Measurement(SizeTable.Counted(subject.Config, metric), null, [], "paper's geometry | counted"));
    }

    private static ClaimOutcome Map(int teacher, int student, int[] published)
    {
        var claim = new Claim
        {
            Id = FormattableString.Invariant($"tinybert.map.{teacher}-{student}"),
            Paper = "TinyBERT",
            Table = "Section 4.2",
            Kind = ClaimKind.Size,
            Statement = $"The uniform map teaches {student} layers by the teacher's layers {string.Join(", ", published)}.",
            Published = published.Length,
            Unit = "layers alike",
            Tolerance = Tolerances.Exact,
        };
        var map = TinyLayerMaps.Of(MapStrategy.Uniform, teacher, student);
        return VerdictRule.Against(claim, new Measurement(map.Pairs.Zip(published).Count(p => p.First.Teacher == p.Second), null, [], map.ToString()));
    }

    private static ClaimOutcome Speed(Results results, PublishedCells cells, string model)
    {
        var cell = cells.Find("Table 1", model, "-", SizeTable.Speedup);
        var claim = new Claim
        {
            Id = $"tinybert.table1.{Id(model)}.speedup",
            Paper = "TinyBERT",
            Table = "Table 1",
            Kind = ClaimKind.Speed,
            Statement = $"{model} is {cell.Text} times as fast as BERT-base.",
            Published = cell.RegressionValue,
            Confidence = cell.Confidence,
            Unit = "x",
            Tolerance = Tolerances.Hardware,
        };
        if (SizeTable.Timing(results) is not var (report, signature))
            return VerdictRule.NotRun(claim, "Needs the timing of three models, a few minutes, which every profile has.");
        var ratio = report.Speedup(SpeedSpec.Base, model);
        return VerdictRule.Against(claim, new Measurement(ratio.Median, ratio.Mad, [], signature));
    }
}
