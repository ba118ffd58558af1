using System.CommandLine;
using System.Globalization;
using Replication.Reporting;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine.Verbs;

/// <summary>runs curves: what several runs noted while they computed, on one page.</summary>
internal static class RunsCurvesVerb
{
    private const string Page = "curves.html", Data = "curves.csv";

    public static Command Create(VerbContext context)
    {
        var keys = new Argument<string[]>(
            "keys") { Description = "Keys of runs, or their beginnings; runs of this machine or of the committed evidence.",
            HelpName = "KEY", Arity = ArgumentArity.OneOrMore };
        var output = OptionFactory.Text("--output", "Folder for the page (default: results/local/curves).", "FOLDER");
        var command = new Command("curves", "Draw the losses and scores of finished runs on one page.") { keys, output };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var lookup = RunsDiffVerb.Lookup(context, parse);
            var runs = parse.GetRequiredValue(keys)
                .Select(lookup.Find).DistinctBy(run => run.Manifest.Key, StringComparer.Ordinal).ToList();
            var figures = RunCurves.Figures(runs);
            if (figures.Count == 0)
                throw new ReplicationException(
                    $"None of these runs noted anything while it computed: {string.Join("; ", runs.Select(RunCurves.Name))}.",
                    ReplicationException.UsageError);
            var folder = Path.GetFullPath(parse.GetValue(output) ?? Path.Combine(context.Root, "results", "local", "curves"));
            StorageFailure.Explain("Cannot write to", folder, () => Directory.CreateDirectory(folder));
            AtomicFile.WriteText(Path.Combine(folder, Data), RunCurves.Csv(figures));
            AtomicFile.WriteText(Path.Combine(folder, Page), CurvesPage.Of(figures, Data));
            display.Result(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{figures.Count} curves of {runs.Count} {(runs.Count == 1 ? "run" : "runs")} are in {Path.Combine(folder, Page)}; "
                    + $"{Data} beside it has all numbers."),
                new { Event = "curves", Page = Path.Combine(folder, Page), Data = Path.Combine(folder, Data),
                    Runs = runs.Select(run => run.Manifest.Key), Curves = figures.Select(figure => figure.Title) });
            return 0;
        }));
        return command;
    }
}
