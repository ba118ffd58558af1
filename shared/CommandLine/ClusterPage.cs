using System.Globalization;
using System.Text;
using Replication.Bert;
using Replication.Glue;
using Replication.Measurements;
using Replication.Reporting;
using Replication.Runs;
using Replication.Runs.Slurm;
using Replication.Studies;
using Replication.Training;

namespace Replication.CommandLine;

/// <summary>docs/cluster.md: what each paper profile costs, and how it is laid over GPUs; a pure function of the plans.</summary>
public static class ClusterPage
{
    // What the hours that a paper states come to, about (DistilBERT).
    private const double LowShare = 0.05;

    private static readonly int[] GpuCounts = [1, 4, 16, 64];

    private static readonly CompositeFormat Head = CompositeFormat.Parse("""
        # The paper profile on a cluster
        Made by `./reproduce.ps1 plan --costs docs/cluster.md` from the plans of the papers; a test holds this page to them.
        **Nothing of it was run on a GPU.**

        FLOPs are those of the plan's runs: a multiplication and an addition count as two, a training step as three forward passes, dev
        scores as forward passes in fp32. What several students share (a teacher's outputs, a network's importance) is left out; it is a
        forward pass over the training rows each.
        {0}
        Short rows and small students do not reach that: take these hours for the least, and the line at 5 % for what the papers' own
        software came to. A task or text that this repository does not hold counts with its published number of rows or words and a mean
        length (`PublishedTask`), so these numbers are the same on every machine. `./reproduce.ps1 plan PAPER --profile paper --all` lists
        the runs one by one, `--device cuda` prices them by the GPU that is there.

        How it is handed over: `./reproduce.ps1 PAPER --profile paper --on slurm` submits array jobs with `afterok` between them, and a last
        one that writes the report of what is there when all have ended. `slurm.json` in the current folder, or `--cluster FILE`, says
        what the cluster wants to be told. **Without `"gpus": 1` the jobs compute on CPUs.**
        `plan PAPER --profile paper --on slurm --dry-run` prints the scripts. A job that is preempted or told that its time is up resumes
        from its checkpoint. "Over N GPUs" below starts each run when what it needs is done and a GPU is free; queues and starting are not
        in it.

        """);

    // The file with its defaults, so that the page cannot name a key that is not there.
    private static string Settings => $$"""

        ## slurm.json
        All keys with their defaults; every key may be left out, and null leaves it to the cluster:

        ```json
        {{Json.Text(new SlurmSettings()).TrimEnd().ReplaceLineEndings("\n")}}
        ```

        - `partition`, `account`: one word each. `memory`: of a job, such as `"32G"`.
        - `time`: the limit of a job, as `"90"` (minutes), `"90:00"` (minutes:seconds), `"08:00:00"` (hours:minutes:seconds) or
          `"2-00:00:00"` (days-hours:minutes:seconds); more than `warnSeconds`. A run that needs longer goes on in the next job.
        - `gpus`: of a job; 0 is `--device cpu`. `cpus`: cores of a job, and threads of a run.
        - `runsPerJob`: runs that are estimated at less than half an hour and need the same runs share a job, this many at the most;
          longer ones and those without an estimate have a job each.
        - `warnSeconds`: how long before its limit a job is told to save; it has all but the last 5 s of them for that.
        - `options`: further options of sbatch, such as `["--constraint=a100"]`.

        """;

    private const string Folders = """

        ## Shared folders, locks and several machines
        Each run's folder is held by an exclusive `flock` on its `.lock`, which the system lets go of however the process ends.

        - **A disk of one machine:** holds. Two processes never compute one run; the second waits and then finds it finished.
        - **NFS as Linux mounts it** (version 4, or 3 with its lock service, `local_lock=none`): `flock` becomes a lock on the
          server, so it holds between machines; a machine that is cut off loses it after the server's lease (90 s by default on Linux),
          and a run that another machine then begins resumes from the last checkpoint.
        - **NFS mounted with `nolock` or `local_lock=flock` or `all`, Lustre without `flock`:** does not hold between
          machines; .NET takes a lock that the file system refuses to keep for a lock that is there. The program looks at how the folder
          is mounted (Linux) and says so before it computes. Then let one machine compute in one folder: each with its own `--runs`,
          brought together with `--continue`.
        - **Everything else is bound to no lock:** files are written beside their name and renamed, a finished run is verified by
          digest before another uses it, so that a reader on another machine sees a whole file or none.
        - **Slurm's jobs** are no two of one run within a submission, whatever the locks do; a plan that is submitted twice relies on them.

        Several machines may compute in one results folder where locks hold, as two and four processes on one machine do in `kill`; on
        NFS this was not tried.

        """;

    /// <summary>The page.</summary>
    /// <param name="papers">The papers, in order.</param>
    /// <param name="root">The repository.</param>
    /// <param name="cancellation">Stops between two runs.</param>
    public static string Of(IEnumerable<IPaper> papers, string root, CancellationToken cancellation = default) =>
        string.Format(CultureInfo.InvariantCulture, Head, AssumedGpu.Words) + Settings
            + string.Concat(papers.Select(paper => Section(paper, root, cancellation))) + Folders;

    /// <summary>A paper's part of it.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="root">The repository.</param>
    /// <param name="cancellation">Stops between two runs.</param>
    public static string Section(IPaper paper, string root, CancellationToken cancellation = default)
    {
        var request = new ExperimentRequest {
            Profile = Profile.Paper, Precision = Precision.Bf16, PrecisionReason = ExperimentRequest.PrecisionNamed, Device = "cuda" };
        var plan = Plan.Build([.. paper.Declared(request).Where(run => !run.IsOptional)], cancellation);
        var workspace = Published(root);
        var costs = plan.Runs.Select(run => new RunCost(run, Work(run.Spec, workspace))).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n## {paper.Title}\n");
        Row(text, "kind of run", "runs", "FLOPs of training", "FLOPs of forward passes", "GPU-hours");
        Row(text, "---", "---:", "---:", "---:", "---:");
        foreach (var kind in costs.GroupBy(cost => cost.Run.Spec.Kind, StringComparer.Ordinal)
            .Select(kind => (kind.Key, Costs: kind.ToList())).Append(("**all**", costs)))
            Row(text, kind.Item1, Count(kind.Item2.Count), Flops(kind.Item2.Sum(cost => cost.Training)),
                Flops(kind.Item2.Sum(cost => cost.Inference)), Sum(kind.Item2));
        var unknown = costs.Count(cost => cost.Work is null);
        var least = unknown > 0 ? ", at least" : "";
        if (unknown > 0)
            text.Append(CultureInfo.InvariantCulture,
                $"\n{unknown} of them have no estimate and count as nothing "
                + $"({string.Join(", ", costs.Where(cost => cost.Work is null).Select(Kind).Distinct(StringComparer.Ordinal))}).\n");
        if (paper.PublishedCost is { } published)
            text.Append(CultureInfo.InvariantCulture, $"\n{Beside(published, costs)}\n");
        else
            text.Append("\nThe paper states no cost of its training.\n");
        text.Append('\n');
        Row(text, ["over N GPUs", .. GpuCounts.Select(Count)]);
        Row(text, ["---", .. GpuCounts.Select(_ => "---:")]);
        var hours = GpuCounts.Select(gpus => Elapsed(costs, gpus)).ToList();
        Row(text, [$"hours at 40 % of the peak{least}", .. hours.Select(Hours)]);
        Row(text, [$"hours at 5 % of the peak{least}", .. hours.Select(hour => Hours(hour * AssumedGpu.ShareOfPeak / LowShare))]);
        var runsPerJob = new SlurmSettings().RunsPerJob;
        var seconds = costs.Where(cost => cost.Work is not null)
            .ToDictionary(cost => cost.Run.SpecKey, cost => (double?)(cost.GpuHours * 3600), StringComparer.Ordinal);
        var jobs = SlurmJobs.Of(paper.Name, plan, _ => false, runsPerJob, run => seconds.GetValueOrDefault(run.SpecKey));
        var (name, geometry) = costs.Any(cost => cost.Run.Spec.ToJson().Contains(Large, StringComparison.Ordinal))
            ? (Large, BertConfig.Large)
            : ("bert-base-uncased", BertConfig.Base);
        var tasks = jobs.Sum(job => job.Tasks.Count);
        var bytes = ModelSize.Parameters(geometry) * sizeof(float);
        text.Append(CultureInfo.InvariantCulture, $"""

            - As Slurm jobs: {Count(jobs.Count)} arrays with {Count(tasks)} tasks of at most {runsPerJob} short runs.
            - Longest chain of runs that wait for each other: {Hours(Elapsed(costs, costs.Count))} GPU-hours.
            - Disk: at most {Gigabytes(bytes * costs.Count)}, a model of {name} in fp32 ({Gigabytes(bytes)}) for each run; most are
              smaller. While a run trains its checkpoint takes three times its model.
            - Memory of a GPU: {Gigabytes(4 * bytes)} for weights, gradients and Adam's two moments of {name}, {Gigabytes(bytes)}
              more for a teacher beside it, and the activations of a batch, which were not measured on a GPU.

            """);
        return text.ToString();
    }

    private const string Large = "bert-large-uncased";

    // GPU-hours; runs without an estimate make a sum a least one.
    private static string Sum(IReadOnlyList<RunCost> costs) =>
        costs.All(cost => cost.Work is null) ? "no estimate"
            : (costs.Any(cost => cost.Work is null) ? "at least " : "") + Hours(costs.Sum(cost => cost.GpuHours));

    private static string Kind(RunCost cost) => cost.Run.Spec.Kind;

    // Only what comes with the repository counts as it is: the page must not depend on what was downloaded.
    private static Workspace Published(string root)
    {
        var folders = new DataFolders([], Path.Combine(root, "data"), Path.Combine(root, "data", "none"));
        return new Workspace
        {
            Root = root, Glue = new GlueSource(folders), Models = new ModelCatalog(folders),
            Environment = new RunEnvironment("cuda", 1, ""),
            Processor = Processor.OfThisMachine(_ => null), AssumesPublishedSizes = true,
        };
    }

    private static RunWork? Work(RunSpec spec, Workspace workspace)
    {
        try
        {
            return spec.EstimateWork(workspace);
        }
        catch (ReplicationException)
        {
            return null;
        }
    }

    private static string Beside(PublishedCost published, IReadOnlyList<RunCost> costs)
    {
        var same = costs.Where(cost => cost.Run.Spec.Kind == published.Kind && cost.Work is not null).ToList();
        if (same.Count == 0 || published.GpuHours is not { } hours)
            return published.Words;
        var one = same.Max(cost => cost.Training + cost.Inference);
        return string.Create(CultureInfo.InvariantCulture,
            $"{published.Words} One run of the kind {published.Kind} has {Flops(one)} FLOPs here, which in those {hours:n0} GPU-hours "
                + $"would be {one / (hours * 3600 * published.PeakFlops):P1} of their peak ({published.PeakFlops / 1e12:0} TFLOP/s).");
    }

    // Hours until the last run ends, each begun as soon as what it needs is done and a GPU is free, in the plan's order.
    private static double Elapsed(IReadOnlyList<RunCost> costs, int gpus)
    {
        var (now, done, waiting, running) =
            (0.0, new HashSet<string>(StringComparer.Ordinal), costs.ToList(), new PriorityQueue<string, double>());
        do
        {
            foreach (var ready in waiting.Where(cost => cost.Run.Needs.All(done.Contains)).Take(gpus - running.Count).ToList())
            {
                waiting.Remove(ready);
                running.Enqueue(ready.Run.SpecKey, now + ready.GpuHours);
            }
            if (running.TryDequeue(out var ended, out var at))
                (now, _) = (at, done.Add(ended));
        }
        while (running.Count > 0 || waiting.Count > 0);
        return now;
    }

    private static void Row(StringBuilder text, params string[] cells) => TableText.AppendRow(text, cells);

    private static string Count(int number) => number.ToString("n0", CultureInfo.InvariantCulture);

    private static string Flops(double flops) => flops == 0 ? "0" : flops.ToString("0.00e+0", CultureInfo.InvariantCulture);

    private static string Hours(double hours) => hours.ToString(hours < 10 ? "0.0" : "n0", CultureInfo.InvariantCulture);

    private static string Gigabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:n1} GB");

    private sealed record RunCost(PlannedRun Run, RunWork? Work)
    {
        public double Training => Work is { } work ? work.Fp32.Training + work.Bf16.Training : 0;

        public double Inference => Work is { } work ? work.Fp32.Inference + work.Bf16.Inference : 0;

        public double GpuHours => Work is { } work ? AssumedGpu.A100.Rates.Seconds(work) / 3600 : 0;
    }
}
