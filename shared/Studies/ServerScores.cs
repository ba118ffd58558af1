using MathNet.Numerics.Statistics;
using Replication.Claims;

namespace Replication.Studies;

/// <summary>
/// Scores of GLUE's test server that a user brings, held against the claims that are read from it: its labels are there alone.
/// </summary>
public static class ServerScores
{
    /// <summary>How claims name the server.</summary>
    internal const string Server = "GLUE's test server";

    private const string Id = "claim", Value = "score";

    /// <summary>
    /// Verdicts on the claims that the file names, in the claims' order; several lines of one claim are several runs, whose mean counts.
    /// </summary>
    /// <param name="path">CSV: the claim's id and the score in %.</param>
    /// <param name="claims">All claims.</param>
    /// <exception cref="ReplicationException">The file cannot be read, or a line names no claim of the server or has no score in
    /// %.</exception>
    public static IReadOnlyList<ClaimOutcome> Judge(string path, IEnumerable<ClaimOutcome> claims)
    {
        var known = claims.Where(
            outcome => outcome.Claim.Kind == ClaimKind.Score && outcome.Claim.Statement.Contains(Server, StringComparison.Ordinal))
            .ToDictionary(outcome => outcome.Claim.Id, outcome => outcome.Claim, StringComparer.Ordinal);
        var scores = Read(path, known).ToLookup(line => line.Id, line => line.Score, StringComparer.Ordinal);
        return [.. known.Values.Where(claim => scores.Contains(claim.Id))
            .Select(claim => Judge(claim, [.. scores[claim.Id]], Path.GetFileName(path)))];
    }

    private static ClaimOutcome Judge(Claim claim, IReadOnlyList<double> scores, string file)
    {
        var measured = new Measurement(
            scores.Mean(), scores.Count > 1 ? scores.StandardDeviation() : null, [.. Enumerable.Range(1, scores.Count)],
            $"{Server} | {file}, as handed in by its user");
        return VerdictRule.Against(claim with { Tolerance = Tolerances.OfReplicates(measured) }, measured);
    }

    private static IEnumerable<(string Id, double Score)> Read(string path, Dictionary<string, Claim> known)
    {
        IReadOnlyList<CsvRow> rows;
        try
        {
            using var stream = File.OpenRead(path);
            rows = CsvRow.ReadAll(stream, path, [Id, Value]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
        foreach (var row in rows)
        {
            var id = row.Required(Id);
            if (!known.ContainsKey(id))
                throw row.Bad(Id, $"the id of a claim on {Server}, as claims.csv has it,");
            yield return row.Number(Value) is >= -100 and <= 100 and var score
                ? (id, score)
                : throw row.Bad(Value, "a score in %, from -100 to 100,");
        }
    }
}
