using System.CommandLine;
using Replication.Bert.SubNetworks;
using Replication.Export.Benchmark;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>What finished runs trained on a task: the teacher, each paper's students, and sub-networks cut out of a network.</summary>
/// <param name="context">The papers.</param>
/// <param name="parse">The words.</param>
/// <param name="options">Where the profile is named.</param>
/// <param name="workspace">Where runs are.</param>
internal sealed class TrainedModels(VerbContext context, ParseResult parse, PaperOptions options, Workspace workspace)
{
    // Half of the width and the least of it, at half of the depth.
    private static readonly (double Width, double Depth)[] Parts = [(0.5, 0.5), (0.25, 0.5)];

    /// <summary>Copies them.</summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">Gets a folder for each.</param>
    /// <returns>Each with its run; equal runs of several papers once.</returns>
    /// <exception cref="ReplicationException">No run of the profile trained anything on the task.</exception>
    public IReadOnlyList<DeploymentSubject> Write(GlueTask task, string folder)
    {
        var store = new RunStore(workspace);
        var subjects = new List<DeploymentSubject>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var paper in context.Papers)
        {
            var request =
                options.Request(parse, workspace.Environment.Device, paper, task.Name, ResultsPlace.Of(context.Root, null, false), store);
            var declared = paper.Declared(request)
                .Where(run => run.Identity.Task == task.Name && run.Identity.Replicate is null or 1)
                .Select(run => (run.Identity.Variant, Run: store.Find(run.Spec)));
            foreach (var (variant, run) in declared)
            {
                if (run is not { HasModel: true } || !keys.Add(run.Manifest.Key))
                    continue;
                Add(variant, Origin(paper, run), place => ModelCopy.Write(run, place));
            }
            if (paper is ISubNetworkPaper family)
                AddParts(family, request);
        }
        return subjects.Count > 0 ? subjects : throw new ReplicationException(
            $"No finished run of profile {parse.GetValue(options.Profile)} trained a model on {task}; run './reproduce.ps1 all "
                + $"--profile {parse.GetValue(options.Profile)}' first, or name models with --model.");

        void Add(string name, string origin, Action<string> write)
        {
            var place = Path.Combine(folder, FormattableString.Invariant($"trained-{subjects.Count}"));
            write(place);
            subjects.Add(new DeploymentSubject(name, place, origin, IsStarted: true));
        }

        void AddParts(ISubNetworkPaper family, ExperimentRequest request)
        {
            FinishedRun? trained = null;
            var network = new TrainedNetwork(
                request, task.Name, 1, spec => store.Find(spec) is { HasModel: true } run ? trained = run : store.Find(spec));
            IReadOnlyList<SubNetworkCost> costs;
            try
            {
                costs = family.Costs(network);
            }
            catch (ReplicationException)
            {
                // Its runs on this task are not finished, of which the paper's own report tells.
                return;
            }
            foreach (var cost in costs.Where(cost => Parts.Contains((cost.Width, cost.Depth))))
                Add(
                    FormattableString.Invariant($"{family.Name}, m_w={cost.Width}, m_d={cost.Depth}"),
                    trained is null ? $"a run of {family.Name}" : $"cut out of {Origin(family, trained)}",
                    place => family.Export(network, cost.Width, cost.Depth, CutHeads.Removed, place));
        }
    }

    private string Origin(IPaper paper, FinishedRun run) =>
        $"{run.Manifest.Label}, trained here in {paper.Name}'s profile {parse.GetValue(options.Profile)}: run "
            + $"{run.Manifest.Key[..RunKey.ShortLength]}, commit {run.Manifest.Commit ?? "not known"}";
}
