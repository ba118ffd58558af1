using System.CommandLine;
using Replication.Runs;
using Replication.Studies;
using Spectre.Console;

namespace Replication.CommandLine.Verbs;

/// <summary>exercise paper: a few real steps of the paper profile at full geometry, with random weights, stopped and gone on with.</summary>
internal static class ExerciseVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var model = OptionFactory.Choice(
            "--model", "Geometry (default: random-bert-base).", [.. ModelCatalog.Known.Where(k => k.Geometry is not null).Select(k => k.Name)]);
        var (output, updates) = (PaperVerb.Output(), PaperVerb.UpdateResults());
        var command = new Command("exercise", "Train a few steps at the paper's geometry with random weights: time, memory, stop and resume.") { paper, model, output, updates };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var place = ResultsPlace.Of(context.Root, parse.GetValue(output), parse.GetValue(updates));
            var name = parse.GetValue(model) ?? "random-bert-base";
            if (RandomModels.Ensure(name, workspace.Glue.Folders, workspace.Models.Folder("minilm-l6")))
                display.Say($"Made {name}.");
            foreach (var one in context.Chosen(parse.GetValue(paper)))
            {
                var record = display.Watch(progress =>
                    new Exercise(workspace, Path.Combine(workspace.CacheFolder, "exercise"), progress).Run(one, name, cancellation));
                var path = Path.Combine(place.OwnFolder(one.Name, "exercise"), name + ".json");
                AtomicFile.WriteText(path, Json.Text(record));
                Show(display, record, path);
            }
            return 0;
        }));
        return command;
    }

    private static void Show(Display display, ExerciseRecord record, string path)
    {
        display.Result(() =>
        {
            var table = display.Table(("run", false), ("seconds a step", true), ("speed", true), ("stopped and resumed", true), ("same bytes", false));
            foreach (var run in record.Runs)
                table.AddRow(run.Label, run.SecondsPerStep is { } seconds ? Number(seconds, "0.00") : "", Speed(run), Number(run.Resumes, "0"), run.SameBytes ? "yes" : "no");
            return table;
        }, record);
        display.Say($"Peak memory {Number(record.PeakMemoryBytes / (1L << 30), "0.0")} GiB; {record.Machine}. Kept in {path}.");
    }

    private static string Speed(ExercisedRun run) => run.TokensPerSecond is { } tokens ? $"{Number(tokens, "0")} tokens/s"
        : run.RowsPerSecond is { } rows ? $"{Number(rows, "0.000")} rows/s"
        : "";

    private static string Number(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
