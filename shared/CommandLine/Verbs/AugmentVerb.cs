using System.Globalization;
using System.CommandLine;
using Replication.Augmentation;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>augment: new rows of a task's training rows, shown and written; trains nothing.</summary>
internal static class AugmentVerb
{
    private const string DefaultModel = "minilm-l6";
    private const int RowsShown = 3, RowsMeasured = AugmentationSpec.RowsPerChunk;

    private static readonly AugmentationSettings Default = new();

    public static Command Create(VerbContext context)
    {
        var options = new Options();
        var command = new Command("augment", "Make new rows of a task's training rows by replacing words (TinyBERT, Algorithm 1).");
        options.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var file = parse.GetValue(options.Output) is { } path ? OutputFile(path) : null;
            var spec = options.Spec(parse);
            var workspace = context.OpenWorkspace(parse);
            var display = context.Display(parse);
            workspace.Glue.CheckGiven(GlueTasks.Parse(spec.Selection.Task), [GlueSplit.Train]);
            spec.Inputs(workspace);
            using (var tools = new AugmentationTools(workspace, spec, cancellation))
            {
                var rows = spec.Originals(workspace);
                if (parse.GetValue(options.Measure))
                    Measure(display, tools, [.. rows.Take(RowsMeasured)], workspace.Clock, cancellation);
                else
                    Show(display, spec, tools, [.. rows.Take(parse.GetValue(options.Shown) ?? RowsShown)]);
            }
            if (file is not null)
                Write(display, spec, workspace, file, cancellation);
            return 0;
        }));
        return command;
    }

    private static void Show(Display display, AugmentationSpec spec, AugmentationTools tools, IReadOnlyList<GlueExample> rows)
    {
        foreach (var (row, made) in rows.Zip(tools.Augment(rows)))
        {
            var lines = made.Select(variant => $"  {Line(variant)}").Prepend(Line(row));
            display.Result(string.Join(Environment.NewLine, lines), new
            {
                Event = "augmented", spec.Selection.Task, Row = row.Index, row.Label, row.Sentence1, row.Sentence2,
                Made = made.Select(v => new { v.Sentence1, v.Sentence2 }),
            });
        }
    }

    private static void Measure(
        Display display, AugmentationTools tools, IReadOnlyList<GlueExample> rows, TimeProvider clock, CancellationToken cancellation)
    {
        tools.Augment([.. rows.Take(8)]);
        var start = clock.GetTimestamp();
        tools.Augment(rows);
        var batched = rows.Count / clock.GetElapsedTime(start).TotalSeconds;
        var simple = tools.Measure(rows, cancellation);
        display.Result(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{rows.Count} rows: {batched:0.0} a second, {simple.BySentence:0.0} with one sentence a pass in fp32 "
                    + $"({batched / simple.BySentence:0.0} times slower), {simple.ByWord:0.0} with one masked word a pass in fp32 "
                    + $"({batched / simple.ByWord:0.0} times slower); {100 * simple.Common:0.0} % of the candidates are the same."),
            new { Event = "measured", Rows = rows.Count, RowsPerSecond = batched, OneSentenceAPass = simple.BySentence,
                OneWordAPass = simple.ByWord, simple.Common });
    }

    private static void Write(Display display, AugmentationSpec spec, Workspace workspace, string file, CancellationToken cancellation)
    {
        var task = GlueTasks.Parse(spec.Selection.Task);
        var run = display.Watch(progress => new RunExecutor(workspace, new RunStore(workspace), progress).Run(spec, cancellation));
        var rows = AugmentationSpec.Read(run, task);
        if (IsTsv(file))
            TsvSplitWriter.Write(task, rows, file);
        else
            ParquetSplitWriter.Write(new GlueDataset(task, GlueSplit.Train, rows, "", ""), file);
        var originals = (int)run.Result.Fact(AugmentationSpec.OriginalRows);
        display.Result(
            $"{rows.Count} rows are in {file}, the {originals} original ones first.",
            new { Event = "written", File = file, Rows = rows.Count, Originals = originals });
    }

    private static string OutputFile(string path)
    {
        var full = Path.GetFullPath(path);
        if (!IsTsv(full) && !full.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            throw new ReplicationException(
                $"--output is '{path}'; it must be a file that ends in .parquet or .tsv.", ReplicationException.UsageError);
        OutputCheck.File("--output", full);
        return full;
    }

    private static bool IsTsv(string path) => path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);

    private static string Line(GlueExample row) =>
        ShownText.Line(row.Sentence2 is null ? row.Sentence1 : $"{row.Sentence1} | {row.Sentence2}");

    private sealed class Options
    {
        public Option<string?> Output { get; } = OptionFactory.Text(
            "--output", "Write all rows here, the original ones first, in the hub's layout or in GLUE's.", "FILE.parquet|FILE.tsv");

        public Option<int?> Shown { get; } =
            OptionFactory.Integer("--show", $"How many rows are shown with their new ones (default: {RowsShown}).", 0, 1000);

        public Option<bool> Measure { get; } =
            OptionFactory.Flag(
                "--measure", $"Show instead how fast rows are made, up to {RowsMeasured} of them: with many words a pass, a sentence a "
                + $"pass, a word a pass.");

        private Option<string?> TaskName { get; } = SharedOptions.Task();

        private Option<string?> Model { get; } =
            OptionFactory.Text(
                "--model", $"Masked language model that finds the words: a name or a folder (default: {DefaultModel}).",
                SharedOptions.ModelName);

        private Option<int?> Rows { get; } =
            OptionFactory.Integer("--rows", "Augment the first N training rows only (default: all).", 1, int.MaxValue);

        private Option<int?> NewRows { get; } =
            OptionFactory.Integer("--new-rows", $"N_a, new rows of each (default: {Default.RowsPerRow}).", 1, 1000);

        private Option<int?> Candidates { get; } =
            OptionFactory.Integer("--candidates", $"K, candidates of a word (default: {Default.Candidates}).", 1, 1000);

        private Option<double?> Probability { get; } = OptionFactory.Share("--probability", FormattableString.Invariant(
            $"p_t, the chance that a word is replaced (default: {Default.ReplaceProbability})."));

        private Option<string?> Precision { get; } =
            OptionFactory.Choice("--precision", "Number format of the model's products (default: fp32).", "fp32", "bf16");

        private Option<int?> Length { get; } =
            OptionFactory.Integer("--max-length", "Pieces of a sentence that are looked at (default: 64, or 128 for pairs).", 4, 512);

        private Option<int?> Seed { get; } =
            OptionFactory.Integer("--seed", "Decides what is replaced by what (default: 1).", 0, int.MaxValue);

        private Option<string?> Glove { get; } = SharedOptions.Glove();

        private Option<bool> OfficialCode { get; } =
            OptionFactory.Flag(
                "--official-code",
                "As the authors' program has it: stop words stay, rows made twice are dropped, the sentences of a pair vary one after "
                + "the other.");

        public void AddTo(Command command)
        {
            foreach (var option in (Option[])[TaskName, Model, Rows, NewRows, Candidates, Probability, Precision, Length, Seed, Glove,
                OfficialCode, Shown, Output, Measure])
                command.Options.Add(option);
        }

        public AugmentationSpec Spec(ParseResult parse)
        {
            var task = GlueTasks.Parse(parse.GetRequiredValue(TaskName)!);
            return new AugmentationSpec
            {
                Selection = new TaskSelection { Task = task.Name, Rows = parse.GetValue(Rows) },
                Model = parse.GetValue(Model) ?? DefaultModel,
                Settings = new AugmentationSettings
                {
                    RowsPerRow = parse.GetValue(NewRows) ?? Default.RowsPerRow,
                    Candidates = parse.GetValue(Candidates) ?? Default.Candidates,
                    ReplaceProbability = parse.GetValue(Probability) ?? Default.ReplaceProbability,
                    Precision = SharedOptions.ParsePrecision(parse.GetValue(Precision)) ?? Default.Precision,
                    OfficialCode = parse.GetValue(OfficialCode),
                }.Validate(),
                MaxLength = parse.GetValue(Length) ?? AugmentationSpec.LengthOf(task),
                Glove = parse.GetValue(Glove) is { } file ? GloveSource.OfUser(file) : null,
                Seed = parse.GetValue(Seed) ?? 1,
            };
        }
    }
}
