using System.CommandLine;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Spectre.Console;

namespace Replication.CommandLine.Verbs;

/// <summary>smoke paper: a few real steps of the paper profile at full geometry, with random weights, stopped and resumed.</summary>
internal static class SmokeVerb
{
    public static Command Create(VerbContext context, string verb)
    {
        var paper = context.PaperArgument();
        var model = OptionFactory.Choice(
            "--model", "Geometry (default: random-bert-base).",
            [.. ModelCatalog.Known.Where(k => k.Geometry is not null).Select(k => k.Name)]);
        var (output, updates) = (PaperVerb.Output(), PaperVerb.UpdateResults());
        var precision = SharedOptions.Precision();
        var command = new Command(verb, "Train a few steps at the paper's geometry with random weights: time, memory, stop and resume.")
            { paper, model, precision, output, updates };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var place = ResultsPlace.Of(context.Root, parse.GetValue(output), parse.GetValue(updates));
            var name = parse.GetValue(model) ?? "random-bert-base";
            var (format, reason) = SharedOptions.ParsePrecision(parse.GetValue(precision)) is { } named
                ? new PrecisionChoice(named, ExperimentRequest.PrecisionNamed)
                : PrecisionChoice.LoadOrMake(workspace, context.Host.Calibrate(workspace, cancellation));
            var papers = context.Chosen(parse.GetValue(paper));
            foreach (var one in papers)
                _ = SmokeTest.Runs(one, name, format);
            display.Say(Words.NumberFormat(format, reason));
            if (RandomModels.Ensure(name, workspace.Glue.Folders, workspace.Models.Folder("minilm-l6")))
                display.Say($"Made {name}.");
            foreach (var one in papers)
            {
                var record = display.Watch(progress =>
                    new SmokeTest(workspace, Path.Combine(workspace.CacheFolder, "smoke"), progress).Run(one, name, format, cancellation));
                var path = Path.Combine(place.OwnFolder(one.Name, "smoke"), name + ".json");
                AtomicFile.WriteText(path, Json.Text(record));
                Show(display, record, path);
            }
            return 0;
        }));
        return command;
    }

    private static void Show(Display display, SmokeRecord record, string path)
    {
        display.Result(() =>
        {
            var table = display.Table(
                ("run", false), ("seconds a step", true), ("speed", true), ("stopped and resumed", true), ("same bytes", false));
            foreach (var run in record.Runs)
                table.AddRow(
                    run.Label, run.SecondsPerStep is { } seconds ? Number(seconds, "0.00") : "", Speed(run), Number(run.Resumes, "0"),
                    run.SameBytes ? "yes" : "no");
            return table;
        }, record);
        display.Say($"Peak memory {Number(record.PeakMemoryBytes / (1L << 30), "0.0")} GiB; {record.Machine}. Kept in {path}.");
    }

    private static string Speed(SmokeRun run) => run.TokensPerSecond is { } tokens ? $"{Number(tokens, "0")} tokens/s"
        : run.RowsPerSecond is { } rows ? $"{Number(rows, "0.000")} rows/s"
        : "";

    private static string Number(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
