using System.CommandLine;
using System.Globalization;
using Replication.Export;
using Replication.Export.Benchmark;
using Replication.Glue;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>benchmark: what models cost when they are shipped, in one table.</summary>
internal static class BenchmarkVerb
{
    public static Command Create(VerbContext context)
    {
        var models = new Option<string[]>("--model")
        {
            Description = "A trained model beside the published geometries, whose weights are random: its name and its folder.", HelpName = "NAME=FOLDER", AllowMultipleArgumentsPerToken = true,
        };
        var only = OptionFactory.Names("--only", "Published geometries that are measured (default: all; 'none' for the trained models alone).", "NAMES", [.. PublishedModels.Names, "none"]);
        var task = OptionFactory.Choice("--task", "GLUE task whose dev set trained models are scored on.", [.. SharedOptions.TaskNames]);
        task.HelpName = "TASK";
        var rounds = OptionFactory.Integer("--rounds", "Timed calls of each form (default: 30).", 1, 10_000);
        var program = OptionFactory.Text(
            "--program", "Folder of the published sample console program, for cold start and memory (default: as it was built here).", "FOLDER");
        var output = OptionFactory.Text("--output", "Folder for table, report and figures (default: results/deployment).", "FOLDER");
        var command = new Command("benchmark", "Measure what models cost when they are shipped: TorchSharp, ONNX in fp32 and in int8.") { models, only, task, rounds, program, output };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var target = parse.GetValue(output) is { } named ? Path.GetFullPath(named) : Path.Combine(context.Root, "results", "deployment");
            OutputCheck.Folder("--output", target);
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var glueTask = parse.GetValue(task) is { } name ? GlueTasks.Parse(name) : null;
            var dev = glueTask is null ? null : workspace.Glue.Load(glueTask, GlueSplit.Dev);
            var sample = Sample(context.Root, parse.GetValue(program));
            var torch = TorchProgram(workspace.Environment.Threads);
            var protocol = new DeploymentProtocol { Rounds = parse.GetValue(rounds) ?? 30, Threads = workspace.Environment.Threads, OnnxProgram = sample, TorchProgram = torch };
            var published = parse.GetValue(only) is { } chosen ? chosen.Where(n => n != "none").ToArray() : [.. PublishedModels.Names];
            var trained = (parse.GetValue(models) ?? []).Select(Trained).ToList();
            if (published.Length + trained.Count == 0)
                throw new ReplicationException("Nothing is to be measured; name a model with --model, or a published geometry with --only.", ReplicationException.UsageError);
            var scratch = Directory.CreateTempSubdirectory("benchmark-").FullName;
            try
            {
                var costs = new List<DeploymentCost>();
                (string Folder, double Seconds)? fastest = null;
                foreach (var (subjectName, i) in published.Concat(trained.Select(t => t.Name)).Select((n, i) => (n, i)))
                {
                    display.Say(string.Create(CultureInfo.InvariantCulture, $"{i + 1} of {published.Length + trained.Count}: {subjectName}"));
                    var place = Path.Combine(scratch, i.ToString(CultureInfo.InvariantCulture));
                    var subject = i >= published.Length ? trained[i - published.Length] : new DeploymentSubject(subjectName, Path.Combine(place, "model"), IsTrained: false);
                    if (!subject.IsTrained)
                        PublishedModels.Write(subjectName, subject.Folder, Path.Combine(workspace.Models.Folder("minilm-l6"), "vocab.txt"));
                    var measured = DeploymentBenchmark.Measure(subject, dev, protocol, place, workspace.Clock, cancellation);
                    costs.AddRange(measured);
                    var seconds = measured.Single(c => c.Form == DeploymentForm.Int8).Seconds[64].Median;
                    if (fastest is { } held && held.Seconds <= seconds)
                        Directory.Delete(place, recursive: true);
                    else
                    {
                        if (fastest is { } slower)
                            Directory.Delete(Path.GetDirectoryName(slower.Folder)!, recursive: true);
                        fastest = (Path.Combine(place, nameof(DeploymentForm.Int8)), seconds);
                    }
                }
                var report = new DeploymentReport
                {
                    Measured = workspace.Clock.GetUtcNow(), Machine = MachineInfo.Collect(workspace.Device, workspace.Processor), HasVnni = Vnni.IsSupported(), Threads = protocol.Threads,
                    OnnxRuntime = ModelCard.RuntimeVersion, Rounds = protocol.Rounds, Costs = costs,
                    Score = dev is null ? null : string.Create(CultureInfo.InvariantCulture, $"{dev.Task} dev {GlueScorer.Name(dev.Task.MainMetric)}, {dev.Examples.Count} rows, sha256 {dev.Sha256[..12]}"),
                    Overhead = DeploymentBenchmark.Overhead(fastest!.Value.Folder, protocol, workspace.Clock, cancellation),
                    ProgramBytes = sample is null ? null : DeploymentBenchmark.Bytes(sample.Folder),
                    IsAheadOfTime = sample is { } s && !s.File.EndsWith("dotnet", StringComparison.Ordinal),
                    TorchProgramBytes = torch is null ? null : DeploymentBenchmark.Bytes(torch.Folder),
                };
                Directory.CreateDirectory(target);
                DeploymentPages.Write(report, target);
                foreach (var (asked, found, isMet) in DeploymentTargets.Of(report))
                    display.Say($"{asked}: {found} ({isMet switch { true => "met", false => "not met", null => "not judged" }})");
                display.Result($"{Path.Combine(target, "report.md")} has the table.", new { Event = "benchmark", Report = report });
                return 0;
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }));
        return command;
    }

    private static DeploymentSubject Trained(string text) => text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } folder]
        ? new DeploymentSubject(name, folder, IsTrained: true)
        : throw new ReplicationException($"--model is '{text}'; it must be a name and a folder, such as Student=my-model.", ReplicationException.UsageError);

    // Compiled ahead of time it is one file; otherwise .NET runs it.
    private static AnsweringProgram? Sample(string root, string? named)
    {
        var folder = named ?? Path.Combine(root, "shared", "Inference", "Samples", "Console", "bin", "Release", "net10.0");
        var (library, file) = (Path.Combine(folder, "classify.dll"), Path.Combine(folder, OperatingSystem.IsWindows() ? "classify.exe" : "classify"));
        if (File.Exists(library))
            return new AnsweringProgram("dotnet", [library, "{model}"], HeaderLines: 0, folder);
        if (File.Exists(file))
            return new AnsweringProgram(file, ["{model}"], HeaderLines: 0, folder);
        return named is null ? null : throw new ReplicationException($"--program is {named}, which holds no program classify; publish shared/Inference/Samples/Console there.", ReplicationException.UsageError);
    }

    private static AnsweringProgram? TorchProgram(int threads)
    {
        var library = Path.Combine(AppContext.BaseDirectory, "reproduce.dll");
        return !File.Exists(library) ? null : new AnsweringProgram(
            "dotnet", [library, "predict", "--model", "{model}", "--threads", threads.ToString(CultureInfo.InvariantCulture)], HeaderLines: 1, AppContext.BaseDirectory);
    }
}
