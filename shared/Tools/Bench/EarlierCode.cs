using System.Diagnostics;
using System.Globalization;
using Replication.Measurements;

namespace Replication.Bench;

/// <summary>
/// How many runs of Patient-KD's kind this program finishes in an hour, over those of earlier code on the same machine: whole calls of
/// both programs in turn, each a student of three layers that learns from labels, from the start of the process to its last score.
/// </summary>
internal static class EarlierCode
{
    private const int Rounds = 5, Rows = 4000;

    /// <summary>Fills a row: the earlier program's seconds over this one's, a value a round.</summary>
    /// <param name="row">The row with its target.</param>
    /// <param name="bench">With <see cref="BenchSession.Earlier"/>, or the row says what is missing.</param>
    public static PerformanceRow Measure(PerformanceRow row, BenchSession bench)
    {
        if (bench.Earlier is not { } words)
            return row with { NotMeasured = "needs the earlier code's program (--earlier FILE)" };
        var folder = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            var (own, earlier) = (new ProgramStart(bench.Program, bench.Workspace.Clock), new ProgramStart(words, bench.Workspace.Clock));
            var student = Path.Combine(folder, "student");
            own.Seconds(["init-student", "--model", TimedRows.Model, "--output", student]);
            var version = FileVersionInfo.GetVersionInfo(words[^1]).ProductVersion;
            var (call, times) = (0, new List<(double Own, double Earlier)>());
            // Each call trains anew, in a folder of its own.
            double Seconds(ProgramStart program) => program.Seconds(
            [
                "finetune", "--model", student, "--task", "SST-2", "--epochs", "1", "--precision", "fp32", "--quiet",
                "--rows", Text(Rows), "--threads", Text(bench.Workspace.Environment.Threads),
                "--output", Path.Combine(folder, $"model-{++call}"), "--runs", Path.Combine(folder, $"runs-{call}"),
            ]);
            for (var round = 0; round < Rounds; round++)
            {
                bench.Cancellation.ThrowIfCancellationRequested();
                times.Add((Seconds(own), Seconds(earlier)));
            }
            return row with
            {
                Value = MedianInterval.Of(times.Select(time => time.Earlier / time.Own)),
                Setting = string.Create(
                    CultureInfo.InvariantCulture,
                    $"half of {TimedRows.Model} (3 layers) on {Rows:n0} rows of SST-2, labels only, one epoch with its evaluations, fp32, "
                    + $"from the start of the process to its end, in turn: {Spread.Of([.. times.Select(time => time.Own)]).Median:0.0} s, "
                    + $"earlier code ({version}) {Spread.Of([.. times.Select(time => time.Earlier)]).Median:0.0} s"),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
