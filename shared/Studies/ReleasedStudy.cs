using Replication.Glue;

namespace Replication.Studies;

/// <summary>
/// Profile released: of what a paper declares, the tables of dev scores, each row measured with the model that its authors published.
/// </summary>
internal static class ReleasedStudy
{
    /// <summary>The study of a request.</summary>
    /// <param name="whole">What the paper declares for profile paper.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="ReplicationException">The authors published no model, or the request asks for another form or model.</exception>
    public static Study Of(Study whole, ExperimentRequest request)
    {
        if (ReleasedCheckpoint.All.All(checkpoint => checkpoint.Paper != whole.Paper))
            throw new ReplicationException(
                $"{whole.Paper}'s authors published no trained model, so that it has no profile released; use quick, small, evidence or "
                    + "paper.", ReplicationException.UsageError);
        if (request is not { Fidelity: Fidelity.Default, Teacher: null, Seeds: null or 1 })
            throw new ReplicationException(
                "Profile released measures models as they were published; leave out --fidelity, --teacher and --seeds.",
                ReplicationException.UsageError);
        ScoreTable[] tables =
        [
            .. whole.Tables.OfType<ScoreTable>().Where(table => !table.IsOfServer && table.Claimed is not { Count: 0 })
                .Select(table => Of(whole, table, request)).Where(table => table.Rows.Count > 0),
        ];
        return whole with
        {
            Request = request,
            OptionalTasks = [.. GlueTasks.All, GlueTasks.Imdb, ScoreColumn.Squad],
            Teacher = Variant.Cited("the authors' teacher"),
            Setting = "trained by the paper's authors",
            Needs = $"Needs a model that the authors published; of this row and task none is known, or it is not here: "
                + $"{request.Command(whole.Verb)}.",
            Tables = tables,
            Orders = [],
            Exact = [],
            Students = [],
            Figures = _ => [],
            TextRead = null,
            Summary =
            [
                $"Models that {whole.Paper}'s authors published, measured here on the dev sets; nothing is trained.",
                .. Known(whole.Paper).Select(checkpoint => $"{checkpoint.Name}: {checkpoint.Where}."),
            ],
            Deviations =
            [
                "A published model is one run, where the paper's number may be a median or a best run.",
                whole.Paper == "DynaBERT"
                    ? "Sub-networks of fewer layers are cut as the authors' program cuts them, which drops the last layer." : null,
            ],
        };
    }

    private static IEnumerable<ReleasedCheckpoint> Known(string paper) => ReleasedCheckpoint.All.Where(each => each.Paper == paper);

    private static ScoreTable Of(Study whole, ScoreTable table, ExperimentRequest request)
    {
        IReadOnlyList<Variant> Measured(IEnumerable<Variant> rows) =>
        [
            .. rows.Where(row => Known(whole.Paper).Any(
                    each => ReleasedCheckpoint.Find(whole.Paper, row.Published, TaskOf(each)) is not null))
                .Select(row => new Variant(row.Published!, (task, _) => Run(whole.Paper, row.Published, task, request))
            {
                Published = row.Published, Reads = row.Reads, Replicates = 1, Who = $"{row.Published} as its authors published it",
            }),
        ];
        var claimed = Measured(table.Claimed ?? table.Rows);
        return table with { Rows = Measured(table.Rows), Claimed = claimed, Beside = [], KeptOf = null };
    }

    private static ReleasedSpec? Run(string paper, string? row, GlueTask task, ExperimentRequest request) =>
        ReleasedCheckpoint.Find(paper, row, task) is { } checkpoint
            ? new ReleasedSpec { Checkpoint = checkpoint, Folder = request.Released.GetValueOrDefault(checkpoint.Name) } : null;

    private static GlueTask TaskOf(ReleasedCheckpoint checkpoint) =>
        checkpoint.Task == ScoreColumn.Squad.Name ? ScoreColumn.Squad : GlueTasks.Parse(checkpoint.Task);
}
