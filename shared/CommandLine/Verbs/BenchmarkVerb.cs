using System.CommandLine;
using System.Globalization;
using Replication.Export;
using Replication.Export.Benchmark;
using Replication.Glue;
using Replication.Reporting;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>benchmark: what models cost when they are shipped, in one table.</summary>
internal static class BenchmarkVerb
{
    public static Command Create(VerbContext context)
    {
        var models = new Option<string[]>("--model")
        {
            Description = "A trained model beside the published geometries, whose weights are random: its name and its folder.",
            HelpName = "NAME=FOLDER", AllowMultipleArgumentsPerToken = true,
        };
        var only = OptionFactory.Names(
            "--only", "Published geometries that are measured (default: all; 'whole', 'sub-networks', or 'none' for trained models alone).",
            "NAMES",
            [.. PublishedModels.Names, PublishedModels.WholeOnes, PublishedModels.SubNetworks, PublishedModels.None]);
        var options = new PaperOptions();
        options.Profile.Description =
            "Measure also what finished runs of this profile trained on --task: the teacher and every paper's students.";
        var task = OptionFactory.Choice("--task", "GLUE task whose dev set trained models are scored on.", [.. SharedOptions.TaskNames]);
        task.HelpName = "TASK";
        var rounds = OptionFactory.Integer(
            "--rounds", "Most timed calls of each form; fewer where they take long (default: 30).", 1, 10_000);
        var compare = new Option<bool>("--compare")
        {
            Description = "Compare the models' outputs on 500 texts and time nothing; results of other models stay.",
        };
        var redraw = OptionFactory.Flag("--redraw", "Make table, report and figures again from the report.json that is there.");
        var program = OptionFactory.Text(
            "--program", "Folder of the published sample console program, for cold start and memory (default: as it was built here).",
            "FOLDER");
        var output = OptionFactory.Text("--output", "Folder for table, report and figures (default: results/deployment).", "FOLDER");
        var command = new Command("benchmark", "Measure what models cost when they are shipped: TorchSharp, ONNX in fp32 and in int8.")
            { models, only, options.Profile, task, rounds, compare, redraw, program, output };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var target = parse.GetValue(output) is { } named
                ? Path.GetFullPath(named)
                : Path.Combine(context.Root, "results", ShippedResults.FolderName);
            OutputCheck.Folder("--output", target);
            var display = context.Display(parse);
            if (parse.GetValue(redraw))
            {
                var kept = Json.Read<DeploymentReport>(Path.Combine(target, DeploymentPages.NumbersName));
                DeploymentPages.Write(kept, target);
                ShippedResults.Refresh(Path.Combine(context.Root, "results"), target);
                display.Result($"{target} is drawn again.", new { Event = "benchmark", Report = kept });
                return 0;
            }
            var workspace = context.OpenWorkspace(parse);
            var glueTask = parse.GetValue(task) is { } name ? GlueTasks.Parse(name) : null;
            var published = parse.NamesOf(only) is { } chosen ? PublishedModels.Chosen(chosen) : PublishedModels.Names;
            var given = (parse.GetValue(models) ?? []).Select(Trained).ToList();
            var profile = parse.GetValue(options.Profile);
            if (profile is not null && glueTask is null)
                throw new ReplicationException("--profile needs --task: whose models are to be measured.", ReplicationException.UsageError);
            if (published.Count + given.Count == 0 && profile is null)
                throw new ReplicationException(
                    "Nothing is to be measured; name a model with --model, or a published geometry with --only.",
                    ReplicationException.UsageError);
            var scratch = Directory.CreateTempSubdirectory("benchmark-").FullName;
            try
            {
                var subjects = new List<DeploymentSubject>(
                    published.Select(
                        p => new DeploymentSubject(p, Path.Combine(scratch, "published"), Origin: null, !PublishedModels.IsSubNetwork(p))));
                if (profile is not null)
                    subjects.AddRange(new TrainedModels(context, parse, options, workspace).Write(glueTask!, scratch));
                subjects.AddRange(given);
                var place = Path.Combine(scratch, "exported");
                void EachOf(Action<DeploymentSubject> measure)
                {
                    foreach (var (subject, i) in subjects.Select((s, i) => (s, i)))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        display.Say(string.Create(CultureInfo.InvariantCulture, $"{i + 1} of {subjects.Count}: {subject.Name}"));
                        if (subject.Origin is null)
                            PublishedModels.Write(
                                subject.Name, subject.Folder, Path.Combine(workspace.Models.Folder("minilm-l6"), "vocab.txt"));
                        measure(subject);
                        Directory.Delete(place, recursive: true);
                    }
                }

                var machine = MachineInfo.Collect(workspace.Device, workspace.Processor);
                var threads = workspace.Environment.Threads;
                if (parse.GetValue(compare))
                {
                    EachOf(subject => EqualityPage.Add(
                        EqualityPage.Measure(subject, place, threads, machine, workspace.Clock, cancellation), target,
                        PublishedModels.Names));
                    ShippedResults.Refresh(Path.Combine(context.Root, "results"), target);
                    display.Result(
                        $"{Path.Combine(target, EqualityPage.FileName)} has the differences.",
                        new { Event = "compare", Models = EqualityPage.Read(target) });
                    return 0;
                }
                var dev = glueTask is null ? null : workspace.Glue.Load(glueTask, GlueSplit.Dev);
                var (sample, torch) = (Sample(context.Root, parse.GetValue(program)), TorchProgram(threads));
                var protocol = new DeploymentProtocol
                {
                    Rounds = parse.GetValue(rounds) ?? 30, Threads = threads, OnnxProgram = sample, TorchProgram = torch,
                };
                var costs = new List<DeploymentCost>();
                var (fastest, least) = (Path.Combine(scratch, "fastest"), double.PositiveInfinity);
                EachOf(subject =>
                {
                    var measured = DeploymentBenchmark.Measure(subject, dev, protocol, place, workspace.Clock, cancellation);
                    costs.AddRange(measured);
                    if (measured.Single(c => c.Form == DeploymentForm.Int8).Seconds[64].Median is var seconds && seconds >= least)
                        return;
                    least = seconds;
                    if (Directory.Exists(fastest))
                        Directory.Delete(fastest, recursive: true);
                    Directory.Move(Path.Combine(place, nameof(DeploymentForm.Int8)), fastest);
                });
                var report = new DeploymentReport
                {
                    Measured = workspace.Clock.GetUtcNow(), Machine = machine, HasVnni = Vnni.IsSupported(), Threads = threads,
                    OnnxRuntime = ModelCard.RuntimeVersion, Rounds = protocol.Rounds, ComparedTexts = protocol.ComparedTexts, Costs = costs,
                    Score = dev is null ? null : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{dev.Task} dev {GlueScorer.Name(dev.Task.MainMetric)}, {dev.Examples.Count} rows, sha256 {dev.Sha256[..12]}"),
                    Overhead = DeploymentBenchmark.Overhead(fastest, protocol, workspace.Clock, cancellation),
                    ProgramBytes = sample is null ? null : DeploymentBenchmark.Bytes(sample.Folder),
                    IsAheadOfTime = sample is { } s && !s.File.EndsWith("dotnet", StringComparison.Ordinal),
                    TorchProgramBytes = torch is null ? null : DeploymentBenchmark.Bytes(torch.Folder),
                };
                Directory.CreateDirectory(target);
                DeploymentPages.Write(report, target);
                ShippedResults.Refresh(Path.Combine(context.Root, "results"), target);
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
        ? new DeploymentSubject(name, folder, $"the folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}", IsStarted: true)
        : throw new ReplicationException(
            $"--model is '{text}'; it must be a name and a folder, such as Student=my-model.", ReplicationException.UsageError);

    // Compiled ahead of time it is one file; otherwise .NET runs it.
    private static AnsweringProgram? Sample(string root, string? named)
    {
        var folder = named ?? Path.Combine(root, "shared", "Inference", "Samples", "Console", "bin", "Release", "net10.0");
        var (library, file) =
            (Path.Combine(folder, "classify.dll"), Path.Combine(folder, OperatingSystem.IsWindows() ? "classify.exe" : "classify"));
        if (File.Exists(library))
            return new AnsweringProgram("dotnet", [library, "{model}"], HeaderLines: 0, folder);
        if (File.Exists(file))
            return new AnsweringProgram(file, ["{model}"], HeaderLines: 0, folder);
        return named is null
            ? null
            : throw new ReplicationException(
                $"--program is {named}, which holds no program classify; publish shared/Inference/Samples/Console there.",
                ReplicationException.UsageError);
    }

    private static AnsweringProgram? TorchProgram(int threads)
    {
        var library = Path.Combine(AppContext.BaseDirectory, "reproduce.dll");
        return !File.Exists(library) ? null : new AnsweringProgram(
            "dotnet", [library, "predict", "--model", "{model}", "--threads", threads.ToString(CultureInfo.InvariantCulture)],
            HeaderLines: 1, AppContext.BaseDirectory);
    }
}
