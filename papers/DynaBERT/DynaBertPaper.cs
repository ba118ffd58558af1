using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.DynaBERT.Claims;
using Replication.DynaBERT.Report;
using Replication.DynaBERT.Use;
using Replication.Runs;
using Replication.Studies;
using SizeTable = Replication.DynaBERT.Report.SizeTable;

namespace Replication.DynaBERT;

/// <summary>DynaBERT: Dynamic BERT with Adaptive Width and Depth.</summary>
public sealed class DynaBertPaper : ISubNetworkPaper
{
    /// <inheritdoc/>
    public string Name => "dynabert";

    /// <inheritdoc/>
    public string Title => "DynaBERT: Dynamic BERT with Adaptive Width and Depth";

    /// <inheritdoc/>
    public IReadOnlyList<Fidelity> Fidelities => [Fidelity.Default, Fidelity.Paper, Fidelity.Official];

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => DynaBERT.Experiments.Of(request).All();

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Exercise(string model) => DynaBERT.Experiments.Exercise(model);

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find) => Report(request, find, []);

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find, IReadOnlyList<TrainedStudent> others)
    {
        var results = new Results(request, find, others);
        var cells = PublishedCells.OfAssembly(typeof(DynaBertPaper).Assembly);
        IReadOnlyList<ClaimOutcome> claims =
            [.. SizeClaims.Judge(cells), .. SpeedClaims.Judge(results, cells), .. StepCostClaims.Judge(results), .. OrderClaims.Judge(results, cells), .. ScoreClaims.Judge(results, cells)];
        ReportTable?[] tables = [GlueTable.Make(results, cells), SizeTable.Make(results, cells), AblationTable.Make(results), ExportTable.Make(results), StepCostTable.Make(results)];
        return new PaperReport
        {
            Title = Title,
            Citation = "Hou, Huang, Shang, Jiang, Chen and Liu, NeurIPS 2020",
            Profile = results.Profile,
            Summary = Summary(results, claims),
            Header = ReportHeader.Of(results.Profile, results.Set.All(), find),
            Tables = [.. tables.OfType<ReportTable>()],
            Figures = [.. TradeOffs.Make(results, cells), .. RewiringFigures.Make(results)],
            Claims = claims,
            Deviations = Deviations.Of(results),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<SubNetworkCost> Costs(TrainedNetwork network) => TrainedFamily.Open(network).Costs();

    /// <inheritdoc/>
    public string Export(TrainedNetwork network, double width, double depth, CutHeads cut, string folder) =>
        TrainedFamily.Open(network).Export(width, depth, cut, folder);

    private static IReadOnlyList<string> Summary(Results results, IReadOnlyList<ClaimOutcome> claims)
    {
        var tasks = string.Join(", ", results.Set.Tasks.Select(task => task.Task));
        var counts = string.Join(", ", VerdictWords.Counts(claims).Select(count => $"{count.Count} {VerdictWords.Of(count.Verdict)}"));
        return
        [
            $"DynaBERT trains one network from which twelve smaller ones can be cut, of four widths and three depths; here from {results.Set.Settings.Teacher} on {tasks}.",
            results.IsPapersOwn
                ? "Scores are of the dev sets, as the paper's are."
                : "Scores cannot be compared with the paper's, whose teacher is larger; sizes, speed-ups, the share of the teacher's score that is kept and the order of the ablations can.",
            $"Of {claims.Count} claims: {counts}.",
        ];
    }
}
