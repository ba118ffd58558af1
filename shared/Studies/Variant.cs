using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>What a paper compares: a name, a row of published.csv, and a function from task and replicate to a run.</summary>
/// <param name="Name">How tables, orders and <c>export --method</c> name it.</param>
/// <param name="Run">The run that gives its score; null where the profile has none for the task.</param>
public sealed record Variant(string Name, Func<GlueTask, int, RunSpec?> Run)
{
    /// <summary>The row of published.csv; null where the paper has none.</summary>
    public string? Published { get; init; }

    /// <summary>How signatures name it; null for <see cref="Name"/>.</summary>
    public string? Who { get; init; }

    /// <summary>What signatures say of its teacher, where that is not the study's; null for <see cref="Study.Setting"/>.</summary>
    public string? Setting { get; init; }

    /// <summary>How many replicates it has: 1 for a teacher that serves all; null for the study's number.</summary>
    public int? Replicates { get; init; }

    /// <summary>What running it takes, where this profile does not; null for "This profile has no such runs."</summary>
    public string? Needs { get; init; }

    /// <summary>
    /// Hook: the names of a split's scores in the run's result, where one run scores several networks; of several names their mean.
    /// </summary>
    public Func<string, IReadOnlyList<string>> Reads { get; init; } = split => [split];

    /// <summary>What more a signature says of its scores, such as hyper-parameters that a search decided.</summary>
    public Func<IReadOnlyList<Score>, string> Says { get; init; } = _ => "";

    /// <summary>The same variant as another row of published.csv: the full method is a row of most tables.</summary>
    public Variant As(string published) => this with { Published = published };

    /// <summary>A row that is published and not run here.</summary>
    /// <param name="published">The row.</param>
    /// <param name="needs">What running it takes; null for other authors' models, which nobody expects to be run.</param>
    public static Variant Cited(string published, string? needs = null) =>
        new(published, (_, _) => null) { Published = published, Needs = needs, IsCited = needs is null };

    /// <summary>Whether it is in a table only for comparison, so that its cells are empty and not "not run".</summary>
    internal bool IsCited { get; private init; }

    /// <summary>A claim that it beats another variant.</summary>
    /// <param name="worse">The other.</param>
    /// <param name="id">Last part of the claim's id.</param>
    /// <param name="statement">The claim in one sentence.</param>
    public Order Beats(Variant worse, string id, string statement) => new(id, statement, [this], [worse]);
}

/// <summary>A run by its identity: the same run may serve several variants, tasks' teachers among them.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Task">The task.</param>
/// <param name="Replicate">The replicate, from 1.</param>
/// <param name="Spec">The run.</param>
public sealed record StudyRun(Variant Variant, GlueTask Task, int Replicate, RunSpec Spec);

/// <summary>A score of one replicate.</summary>
/// <param name="Replicate">The replicate, from 1.</param>
/// <param name="Value">In points: a share times 100.</param>
/// <param name="Spec">The training; of a search, the one that it chose.</param>
/// <param name="Run">What it left.</param>
/// <param name="Search">The search that chose it; null where it was trained as it stands.</param>
public sealed record Score(int Replicate, double Value, RunSpec Spec, FinishedRun Run, SelectionSpec? Search);
