using System.CommandLine;
using System.Globalization;
using Replication.Measurements;
using static TorchSharp.torch;

namespace Replication.Tools.Equality;

/// <summary>
/// equality: evaluates the same rows again and again while the machine is busy, and holds every hidden state to the first one's bits.
/// Run it with MALLOC_PERTURB_ set, and memory that is read before it is written, or after it was freed, holds that byte.
/// </summary>
internal static class EqualityVerb
{
    public static Command Create()
    {
        var evaluations = Number("--evaluations", "How many (default: 3000).", 3000);
        var rows = Number("--rows", "Rows of each (default: 128).", 128);
        var layers = Number("--layers", "Layers of the model (default: 6).", CalibrationMeasurement.Geometry.NumHiddenLayers);
        var threads = Number("--threads", "Threads of one operation (default: one per core).", Environment.ProcessorCount);
        var load = Number("--load", "Threads that compute beside it (default: two per core).", 2 * Environment.ProcessorCount);
        var collect = new Option<bool>("--collect")
        {
            Description = "Collect garbage all the time, and without the pause that evaluations have.",
        };
        var command = new Command(
            "equality", "Evaluate the same rows thousands of times beside other work: every bit has to be the same.")
        {
            evaluations, rows, layers, threads, load, collect,
        };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            set_num_threads(parse.GetValue(threads));
            var geometry = CalibrationMeasurement.Geometry with { NumHiddenLayers = parse.GetValue(layers) };
            using var work = new OtherWork(parse.GetValue(load), parse.GetValue(collect));
            using var subject = new RepeatedEvaluation(geometry, parse.GetValue(rows), pauses: !parse.GetValue(collect));
            return Run(subject, parse.GetValue(evaluations), cancellation);
        }));
        return command;
    }

    private static Option<int> Number(string name, string description, int usual) =>
        new(name) { Description = description, DefaultValueFactory = _ => usual };

    private static int Run(RepeatedEvaluation subject, int evaluations, CancellationToken cancellation)
    {
        var (differences, start) = (0, TimeProvider.System.GetTimestamp());
        var processor = Processor.OfThisMachine(Environment.GetEnvironmentVariable).Name;
        var perturb = Environment.GetEnvironmentVariable("MALLOC_PERTURB_") ?? "not set";
        Say($"{processor}, {get_num_threads()} threads, {subject.Batches} batches, MALLOC_PERTURB_ {perturb}");
        for (var number = 1; number <= evaluations && !cancellation.IsCancellationRequested; number++)
        {
            foreach (var difference in subject.Evaluate())
            {
                differences++;
                Say($"evaluation {number}: {difference}");
            }
            if (number % 100 != 0 && number != evaluations)
                continue;
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            Say($"{number} evaluations, {differences} differences, {seconds:0} s, {GC.CollectionCount(0)} collections");
        }
        return differences == 0 ? 0 : 1;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
