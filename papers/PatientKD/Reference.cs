using System.Globalization;
using Replication.Claims;
using Replication.Glue;
using Replication.Studies;

namespace Replication.PatientKD;

/// <summary>
/// The reference profile against an independent PyTorch run of the same recipe, teacher and data (reference.csv): the same means, or this
/// code is wrong.
/// </summary>
internal static class Reference
{
    /// <summary>All metrics side by side; each mean is a claim.</summary>
    /// <param name="variants">The teacher, and the students FT, KD, Skip and Last.</param>
    public static OwnTable Table(IReadOnlyList<Variant> variants)
    {
        var lines = Lines(variants);
        const string Title = "Agreement with a PyTorch run";
        return new OwnTable(Title, results => new ReportTable(
            "reference", Title,
            "Last epoch's dev score in %, mean ± standard deviation over seeds 1 to 3, of the same recipe on the same teacher and data.",
            ["Task", "Method", "Metric", "PyTorch", "Here", "Difference"],
            [.. lines.Select(line => Row(results, line))]))
        {
            Variants = variants,
            Claims = results => [.. lines.Select(line => Judge(results, line))],
        };
    }

    private static IReadOnlyList<Cell> Row(StudyResults results, Line line)
    {
        var measured = line.Measure(results);
        return
        [
            new Cell(line.Column.Task.Name), new Cell(line.Method), new Cell(line.Metric),
            new Cell(NumberText.Of(line.Mean, line.Spread), "PyTorch 2.13, transformers 5.24", CellKind.Published),
            results.Cell(line.Variant, line.Column),
            new Cell(measured is null ? "" : NumberText.Signed(measured.Value - line.Mean)),
        ];
    }

    private static ClaimOutcome Judge(StudyResults results, Line line)
    {
        var measured = line.Measure(results);
        var metric = line.Column.IsMain ? "" : $".{ClaimId.Of(line.Metric)}";
        var id = $"{results.Study.Prefix}.reference.{ClaimId.Of(line.Column.Task.Name)}.{ClaimId.Of(line.Method)}{metric}";
        var claim = new Claim
        {
            Id = id,
            Paper = results.Study.Paper,
            Table = "not in the paper (PyTorch run)",
            Kind = ClaimKind.Agreement,
            Statement = FormattableString.Invariant(
                $"{line.Method} on {line.Column.Task} has a mean {line.Metric} of {line.Mean} over three seeds in PyTorch."),
            Published = line.Mean,
            Confidence = Confidence.Sourced1,
            Unit = "%",
            Tolerance = Tolerance(line, measured?.Spread ?? line.Spread),
            Finding = results.Study.Finding(id),
        };
        return measured is null
            ? VerdictRule.NotRun(claim, "Needs ./reproduce.ps1 patientkd --profile reference.")
            : VerdictRule.Against(claim, measured);
    }

    // A mean of three seeds against another three: twice the pooled spread over seeds, on SST-2 at most 1.5 points.
    private static Tolerance Tolerance(Line line, double ourSpread)
    {
        var pooled = 2 * Math.Sqrt(((line.Spread * line.Spread) + (ourSpread * ourSpread)) / 2);
        return line.Column.Task == GlueTasks.Sst2
            ? new Tolerance(Math.Min(1.5, pooled), false, "Twice the pooled standard deviation over seeds, at most 1.5 points.")
            : new Tolerance(pooled, false, "Twice the pooled standard deviation over seeds.");
    }

    // reference.csv: task, method, metric, mean and spread in %.
    private static IReadOnlyList<Line> Lines(IReadOnlyList<Variant> variants)
    {
        const string Name = "reference.csv";
        using var stream = typeof(Reference).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not embedded.");
        using var reader = new StreamReader(stream);
        string[] methods = ["teacher", .. Enum.GetNames<Method>()];
        double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        return
        [
            .. from line in reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
               let fields = line.Split(',')
               let metric = Enum.Parse<GlueMetric>(fields[2], ignoreCase: true)
               let column = new ScoreColumn(fields[0], "", GlueTasks.Parse(fields[0]), "dev", metric)
               let variant = variants[Array.IndexOf(methods, fields[1])]
               select new Line(column, fields[1], fields[2], Number(fields[3]), Number(fields[4]), variant),
        ];
    }

    private sealed record Line(ScoreColumn Column, string Method, string Metric, double Mean, double Spread, Variant Variant)
    {
        public Measurement? Measure(StudyResults results) =>
            results.Study.Tasks.Contains(Column.Task) ? results.Measure(Variant, Column) : null;
    }
}
