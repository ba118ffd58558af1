using System.CommandLine;
using System.Globalization;
using Replication.Studies;
using Replication.Bert;
using Replication.Runs;
using Replication.Runs.Slurm;

namespace Replication.CommandLine;

/// <summary>Options that hand a plan's runs to a cluster.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string?> _on =
        OptionFactory.Choice("--on", "Compute on a cluster: hand the runs to Slurm as jobs and return.", "slurm");

    private readonly Option<string?> _file = OptionFactory.Text(
        "--cluster", $"JSON file with partition, account, time, gpus, cpus, memory, runsPerJob, options (default: "
            + $"{SlurmSettings.FileName}).", "FILE");

    private readonly Option<string?> _only = new("--only") {
        Description = "Compute the runs with these keys alone and write no report; what a cluster's jobs call.", Hidden = true };

    private readonly Option<bool> _gather = new("--gather") {
        Description = "Write the report of the runs that are there and compute nothing; what a cluster's last job calls.", Hidden = true };

    /// <summary>Says that nothing is submitted, as plan never does.</summary>
    public Option<bool> DryRun { get; } =
        OptionFactory.Flag("--dry-run", "With --on: print the jobs' scripts; plan submits nothing anyway.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_on, _file, _only, _gather])
            command.Options.Add(option);
    }

    public bool IsOn(ParseResult parse) => parse.GetValue(_on) is not null;

    /// <summary>Whether the report is to be written of the runs that are there.</summary>
    public bool Gathers(ParseResult parse) => parse.GetValue(_gather);

    /// <summary>The keys of the runs that alone are to be computed; null for all.</summary>
    public IReadOnlyList<string>? Only(ParseResult parse) => parse.GetValue(_only)?.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Prints the scripts that would be submitted.</summary>
    public int ShowScripts(
        VerbContext context, ParseResult parse, IReadOnlyList<IPaper> papers, ExperimentRequest request, Workspace workspace,
        Calibration calibration, Display display, CancellationToken cancellation)
    {
        foreach (var (_, _, executor) in Executors(context, parse, papers, request, workspace, calibration, [], cancellation))
        {
            foreach (var (script, dependency) in executor.Scripts())
                display.Result(
                    dependency is null ? script : $"# --dependency={dependency}\n{script}",
                    new { Event = "script", Script = script, Dependency = dependency });
        }
        return 0;
    }

    /// <summary>Submits all jobs, the report's with further words, and says how to watch them.</summary>
    public int Submit(
        VerbContext context, ParseResult parse, IReadOnlyList<IPaper> papers, ExperimentRequest request, Workspace workspace,
        Calibration calibration, IReadOnlyList<string> report, Display display, CancellationToken cancellation)
    {
        var client = new SlurmClient(context.Host.Commands);
        foreach (var (paper, folder, executor) in Executors(context, parse, papers, request, workspace, calibration, report, cancellation))
        {
            var submission = executor.Submit(client, workspace.Clock.GetUtcNow());
            var tasks = submission.Jobs.Sum(job => Math.Max(1, job.Tasks.Count));
            display.Result(
                string.Create(CultureInfo.InvariantCulture,
                    $"{paper.Title}: {submission.Jobs.Count} jobs with {tasks} tasks submitted, {submission.Jobs[0].Id} to "
                        + $"{submission.Jobs[^1].Id}; scripts and logs in {folder}."),
                new { Event = "submitted", Paper = paper.Name, Folder = folder, Jobs = submission.Jobs.Select(job => job.Id) });
        }
        display.Say("./reproduce.ps1 runs --watch shows their progress; the last job writes the report.");
        return 0;
    }

    private IEnumerable<(IPaper Paper, string Folder, SlurmExecutor Executor)> Executors(
        VerbContext context, ParseResult parse, IReadOnlyList<IPaper> papers, ExperimentRequest request, Workspace workspace,
        Calibration calibration, IReadOnlyList<string> report, CancellationToken cancellation)
    {
        var named = parse.GetValue(_file);
        var file = Path.GetFullPath(named ?? SlurmSettings.FileName);
        var settings = SlurmSettings.Read(file, isNamed: named is not null);
        // The keys are those of the cluster's nodes, not of the machine that the command is given on.
        var threads = parse.GetValue(context.Common.Threads) ?? settings.Cpus;
        var device = settings.Gpus > 0 ? "cuda" : workspace.Environment.Device;
        workspace = workspace with { Environment = workspace.Environment with { Device = device, Threads = threads } };
        if (device == "cpu" && request.Profile == Profile.Paper)
            context.Host.Write(context.Host.Error,
                $"The jobs compute on CPUs (--device cpu): gpus is 0, its default, "
                    + $"{(File.Exists(file) ? "in" : "and there is no")} {file}; the paper profile is meant for GPUs.");
        // Every job is told the same number format; a GPU trains in bf16 unless another one was named.
        var isNamed = request.PrecisionReason == ExperimentRequest.PrecisionNamed;
        var precision = device == "cuda" && !isNamed ? Precision.Bf16 : request.Precision;
        request = request with { Device = device, Precision = precision, PrecisionReason = ExperimentRequest.PrecisionNamed };
        var store = new RunStore(workspace);
        var root = workspace.Root;
        var program = settings.Gpus > 0 ? ["sh", Path.Combine(root, "reproduce.ps1")] : context.Host.Program;
        string[] where =
        [
            "--device", device, "--threads", threads.ToString(CultureInfo.InvariantCulture), "--runs", workspace.RunsFolder,
            .. workspace.Environment.MicroBatch is { } rows
                ? new[] { "--micro-batch", rows.ToString(CultureInfo.InvariantCulture) } : [],
            .. parse.GetValue(context.Common.Data) is { } data ? new[] { "--data", Path.GetFullPath(data) } : [],
        ];
        double? Seconds(PlannedRun run)
        {
            try
            {
                var work = run.Spec.EstimateWork(workspace with { AssumesPublishedSizes = true });
                return device == "cuda" ? AssumedGpu.A100.Rates.Seconds(work) : calibration.Seconds(work);
            }
            catch (ReplicationException)
            {
                return null;
            }
        }
        foreach (var paper in papers)
        {
            var folder = SlurmSubmission.NewFolder(workspace.RunsFolder, workspace.Clock.GetUtcNow()) + $"-{paper.Name}";
            var words = request.Words(paper.Name);
            var order = new SlurmOrder(
                $"{paper.Name}-{request.ProfileName()}", request.Command(paper.Name),
                    // Runs whose data few have are jobs where their table is named.
                Plan.Build([.. paper.Declared(request).Where(run => !run.IsOptional)], cancellation),
                run => store.Find(run.Spec) is not null, run => store.Key(run.Spec),
                Seconds, [.. program, .. words, .. where], [.. program, .. words, .. where, "--gather", .. report],
                [.. program, "data", .. where]);
            yield return (paper, folder, new SlurmExecutor(settings, root, folder, order));
        }
    }
}
