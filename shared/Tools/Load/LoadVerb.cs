using System.CommandLine;
using System.Globalization;
using Replication.CommandLine;
using Replication.Reporting;
using Replication.Runs;

namespace Replication.Tools.Load;

/// <summary>
/// load: asks the sample web service, a process of its own, as its users would: many requests with its memory watched, a thousand
/// at once, a thousand that go away, and what is no request. Nothing of it is timed, so that the machine may do other things.
/// </summary>
internal static class LoadVerb
{
    public static Command Create()
    {
        var model = new Option<string?>("--model")
        {
            Description = "A classifier that 'export --format onnx' has written (default: a small one with random weights).",
        };
        var requests = new Option<int>("--requests") { Description = "How many (default: 100000).", DefaultValueFactory = _ => 100_000 };
        var output = new Option<string?>("--output") { Description = "Folder for load.md and load.json (default: results/deployment)." };
        var command =
            new Command("load", "Ask the sample web service 100,000 times, and a thousand times at once.") { model, requests, output };
        command.SetAction(async (parse, cancellation) =>
        {
            var root = RepositoryRoot.Find();
            var scratch = Directory.CreateTempSubdirectory("load-").FullName;
            try
            {
                var folder = parse.GetValue(model) ?? LoadModel.Write(scratch, LoadTrial.Words, cancellation);
                var name = parse.GetValue(model) is null ? LoadModel.Name : Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
                return await TryAsync(root, folder, name, parse.GetValue(requests), parse.GetValue(output), cancellation);
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        });
        return command;
    }

    private static async Task<int> TryAsync(
        string root, string model, string name, int requests, string? output, CancellationToken cancellation)
    {
        await using var service = await ServiceProcess.StartAsync(root, model, cancellation);
        using var trial = new LoadTrial(service, requests, Console.WriteLine);
        var report = await trial.RunAsync(cancellation) with
        {
            Model = name,
            Measured = TimeProvider.System.GetUtcNow(),
            Processor = Processor.OfThisMachine(Environment.GetEnvironmentVariable).Name,
            Cores = Environment.ProcessorCount,
        };
        var folder = Directory.CreateDirectory(output ?? Path.Combine(root, "results", ShippedResults.FolderName)).FullName;
        AtomicFile.WriteText(Path.Combine(folder, "load.json"), Json.Text(report));
        AtomicFile.WriteText(Path.Combine(folder, "load.md"), report.Markdown());
        ShippedResults.Refresh(Path.Combine(root, "results"), folder);
        foreach (var fault in report.Faults())
            Console.Error.WriteLine($"fault: {fault}");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{Path.Combine(folder, "load.md")}: {report.Faults().Count()} faults"));
        return report.Faults().Any() ? 1 : 0;
    }
}
