using System.CommandLine;
using Replication.Claims;
using Replication.Studies;
using Spectre.Console;

namespace Replication.CommandLine.Verbs;

/// <summary>
/// claims --server FILE: verdicts on published test scores from scores that GLUE's server gave to the user's predictions.
/// </summary>
internal static class ClaimsVerb
{
    public static Command Create(VerbContext context)
    {
        var server = new Option<string>("--server")
        {
            Description = "Scores of GLUE's test server: CSV with the columns claim (its id, as claims.csv has it) and score (in %).",
            HelpName = "FILE", Required = true,
        };
        var output = OptionFactory.Text("--output", "File for the verdicts, as claims.csv.", "FILE");
        var command = new Command(
            "claims", "Judge published test scores by the scores that GLUE's server gave to your predictions.") { server, output };
        command.SetAction(parse =>
        {
            var display = context.Display(parse);
            var all = context.Papers.SelectMany(
                paper => paper.Report(new ExperimentRequest { Profile = Studies.Profile.Paper }, _ => null).Claims);
            var outcomes = ServerScores.Judge(parse.GetValue(server)!, all);
            if (parse.GetValue(output) is { } file)
                ClaimsTable.Write(Path.GetFullPath(file), outcomes);
            display.Table(() => ToTable(display, outcomes));
            var counts = string.Join(
                ", ", VerdictWords.Counts(outcomes)
                .Select(count => $"{count.Count} {VerdictWords.Of(count.Verdict)}").DefaultIfEmpty("no scores"));
            display.Result(
                counts, outcomes.Select(
                outcome => new { outcome.Claim.Id, outcome.Claim.Published, outcome.Measured!.Value, Verdict = VerdictWords.Of(
                outcome.Verdict), outcome.Reason }));
            return 0;
        });
        return command;
    }

    private static Table ToTable(Display display, IReadOnlyList<ClaimOutcome> outcomes)
    {
        var table = display.Table(("claim", false), ("published", true), ("server", true), ("verdict", false));
        foreach (var outcome in outcomes)
        {
            table.AddRow(
                new Text(outcome.Claim.Statement), new Text(NumberText.Of(outcome.Claim.Published!.Value)),
                new Text(NumberText.Of(outcome.Measured!.Value, outcome.Measured.Spread)), new Text(VerdictWords.Of(outcome.Verdict)));
        }
        return table;
    }
}
