using System.Globalization;
using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.Glue;
using Replication.Studies;

namespace Replication.PatientKD;

/// <summary>
/// The reference profile against an independent PyTorch run of the same recipe, teacher and data (reference.csv): no mean may differ by
/// more than chance, or this code is wrong.
/// </summary>
internal static class Reference
{
    public const string Teacher = "teacher";
    private const string Title = "Agreement with a PyTorch run", Source = "PyTorch 2.13, transformers 5.24";

    /// <summary>The last epoch's scores side by side; each cell is a claim, all of them one family.</summary>
    /// <param name="variants">The teacher, and the students FT, KD, Skip and Last, by what reference.csv calls them.</param>
    public static OwnTable Table(IReadOnlyDictionary<string, Variant> variants)
    {
        var lines = Lines(variants);
        return new OwnTable(Title, results => new ReportTable(
            "reference", Title,
            "Last epoch's dev score in %, mean ± standard deviation over seeds, of the same recipe on the same teacher and data: "
                + "STS-B's is Spearman's. Students learn from the teacher of seed 1 on both sides.",
            ["Task", "Method", "Metric", "PyTorch", "Seeds", "Here", "Difference"],
            [.. lines.Select(line => Row(results, line))]))
        {
            Variants = [.. variants.Values],
            Claims = results => AgreementFamily.Judge(
                [.. lines.Select(line => Evidence(results, line))], "Needs ./reproduce.ps1 patientkd --profile reference."),
        };
    }

    private static IReadOnlyList<Cell> Row(StudyResults results, Line line)
    {
        var measured = line.Measure(results);
        return
        [
            new Cell(line.Column.Task.Name), new Cell(line.Method), new Cell(line.Metric),
            new Cell(NumberText.Of(line.Values.Mean(), line.Values.StandardDeviation()), Source, CellKind.Published),
            new Cell(line.Values.Count.ToString(CultureInfo.InvariantCulture), Source, CellKind.Published),
            results.Cell(line.Variant, line.Column),
            new Cell(measured is null ? "" : NumberText.Signed(measured.Value - line.Values.Mean())),
        ];
    }

    private static AgreementEvidence Evidence(StudyResults results, Line line)
    {
        var measured = line.Measure(results);
        var metric = line.Column.IsMain ? "" : $".{ClaimId.Of(line.Metric)}";
        var statement = string.Create(
            CultureInfo.InvariantCulture,
            $"{line.Method} on {line.Column.Task} has a mean {line.Metric} of {line.Values.Mean():0.00} over {line.Values.Count} seeds in "
                + $"PyTorch.");
        var claim = results.Study.Claim(
            $"reference.{ClaimId.Of(line.Column.Task.Name)}.{ClaimId.Of(line.Method)}{metric}", "not in the paper (PyTorch run)",
            ClaimKind.Agreement, statement, line.Values.Mean(), "%") with
        {
            Confidence = Confidence.Sourced1,
            // STS-B's students have only begun to learn: seeds differ by nine points, and no margin that matters could be shown.
            Tolerance = line.Column.Task == GlueTasks.Sst2 || line.Method == Teacher
                ? new Tolerance(2, false, "Margin of equivalence, about two standard errors of 872 rows.") : null,
        };
        var scores = measured is null ? [] : results.Scores(line.Variant, line.Column);
        return new AgreementEvidence(
            claim, line.Values, [.. scores.Select(score => score.Value)], [.. scores.Select(score => score.Replicate)],
            measured?.Signature ?? "");
    }

    // reference.csv: task, method, metric, and a score in % a seed.
    private static IReadOnlyList<Line> Lines(IReadOnlyDictionary<string, Variant> variants)
    {
        const string Name = "reference.csv";
        using var stream = typeof(Reference).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not embedded.");
        using var reader = new StreamReader(stream);
        return
        [
            .. from line in reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
               let fields = line.Split(',')
               let metric = Enum.Parse<GlueMetric>(fields[2], ignoreCase: true)
               let column = new ScoreColumn(fields[0], "", GlueTasks.Parse(fields[0]), "dev", metric)
               let values = fields[3].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToList()
               select new Line(column, fields[1], fields[2], values, variants[fields[1]]),
        ];
    }

    private sealed record Line(ScoreColumn Column, string Method, string Metric, IReadOnlyList<double> Values, Variant Variant)
    {
        public Measurement? Measure(StudyResults results) =>
            results.Study.Tasks.Contains(Column.Task) ? results.Measure(Variant, Column) : null;
    }
}
