using System.Globalization;

namespace Replication.Claims;

/// <summary>claims.csv: a row a claim, with its verdict and all that it was judged from.</summary>
public static class ClaimsTable
{
    private const string OfPublished = " of published", OfGain = " of the published gain";

    private static readonly string[] Columns =
    [
        "id", "paper", "table", "kind", "statement", "published", "measured", "spread", "seeds", "unit", "tolerance",
        "tolerance reason", "verdict", "reason", "signature", "finding", "confidence",
    ];

    /// <summary>The file's text.</summary>
    public static string Text(IEnumerable<ClaimOutcome> outcomes) => CsvText.Of(Columns, outcomes.Select(Row));

    /// <summary>Writes the file.</summary>
    public static void Write(string path, IEnumerable<ClaimOutcome> outcomes) => AtomicFile.WriteText(path, Text(outcomes));

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="ReplicationException">The file is missing or a field cannot be used; the message names file, line and
    /// column.</exception>
    public static IReadOnlyList<ClaimOutcome> Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return [.. CsvRow.ReadAll(stream, path, Columns).Select(Outcome)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    private static IReadOnlyList<string> Row(ClaimOutcome outcome)
    {
        var (claim, measured) = (outcome.Claim, outcome.Measured);
        return
        [
            claim.Id, claim.Paper, claim.Table, VerdictWords.Of(claim.Kind), claim.Statement, Number(claim.Published),
            Number(measured?.Value),
            Number(measured?.Spread), string.Join(' ', measured?.Replicates.Select(s => s.ToString(CultureInfo.InvariantCulture)) ?? []),
            claim.Unit,
            claim.Tolerance is { } t ? Number(t.Value) + (!t.Relative ? "" : claim.Kind == ClaimKind.Speed ? OfGain : OfPublished) : "",
            claim.Tolerance?.Reason ?? "",
            VerdictWords.Of(outcome.Verdict), outcome.Reason, measured?.Signature ?? "", claim.Finding ?? "",
            claim.Confidence.ToString().ToLowerInvariant(),
        ];
    }

    private static ClaimOutcome Outcome(CsvRow row)
    {
        var claim = new Claim
        {
            Id = row.Required("id"),
            Paper = row.Required("paper"),
            Table = row["table"],
            Kind = row.Member<ClaimKind>("kind"),
            Statement = row.Required("statement"),
            Published = row.Number("published"),
            Unit = row["unit"],
            Tolerance = TheTolerance(row),
            Finding = row["finding"] is { Length: > 0 } finding ? finding : null,
            Confidence = row.Member<Confidence>("confidence"),
        };
        var measured = row.Number("measured") is { } value
            ? new Measurement(value, row.Number("spread"), Seeds(row), row["signature"])
            : null;
        var verdict = VerdictWords.Parse(row["verdict"]) ?? throw row.Bad("verdict", "a verdict such as 'not run'");
        return new ClaimOutcome(claim, measured, verdict, row.Required("reason"));
    }

    private static Tolerance? TheTolerance(CsvRow row)
    {
        var text = row["tolerance"];
        if (text.Length == 0)
            return null;
        var ending = new[] { OfPublished, OfGain }.FirstOrDefault(words => text.EndsWith(words, StringComparison.Ordinal)) ?? "";
        return double.TryParse(text[..^ending.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new Tolerance(value, ending.Length > 0, row["tolerance reason"])
            : throw row.Bad("tolerance", $"a number, or a number and '{OfPublished.Trim()}',");
    }

    private static IReadOnlyList<int> Seeds(CsvRow row) =>
    [
        .. row["seeds"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s =>
            int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
                ? seed
                : throw row.Bad("seeds", "whole numbers with spaces between")),
    ];

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
