using Replication.Bert;
using Replication.Claims;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>A paper that is one declared study: plan, report and students follow from it.</summary>
/// <param name="paper">Its short name, such as "TinyBERT"; the verb is the same in small letters.</param>
/// <param name="title">Its title.</param>
/// <param name="citation">Authors, venue and year.</param>
/// <param name="fidelities">The forms of its method beside the default.</param>
public abstract class StudyPaper(string paper, string title, string citation, params Fidelity[] fidelities) : IPaper
{
    /// <summary>Its short name, such as "TinyBERT".</summary>
    public string Paper => paper;

    /// <inheritdoc/>
    public string Name { get; } = paper.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public IReadOnlyList<Fidelity> Fidelities { get; } = [Fidelity.Default, .. fidelities];

    /// <summary>First part of its claims' ids.</summary>
    public virtual string Prefix => Name;

    /// <summary>The published cells, from published.csv.</summary>
    public virtual PublishedCells Published => field ??= PublishedCells.OfAssembly(GetType().Assembly);

    /// <summary>Why claims do not hold where that is known, from findings.md.</summary>
    public virtual ClaimFindings Findings => field ??= ClaimFindings.OfAssembly(GetType().Assembly);

    /// <summary>What the paper declares for a request.</summary>
    /// <exception cref="ReplicationException">A profile, task, teacher or number of replicates that cannot be used.</exception>
    public abstract Study Declare(ExperimentRequest request);

    /// <summary>What it declares for a request of any profile: in profile released what it declares for profile paper, measured.</summary>
    /// <inheritdoc cref="Declare" path="/exception"/>
    public Study StudyOf(ExperimentRequest request) => request.Profile == Profile.Released
        ? ReleasedStudy.Of(Declare(request with { Profile = Profile.Paper, Fidelity = Fidelity.Default }), request)
        : Declare(request);

    /// <inheritdoc/>
    public IReadOnlyList<DeclaredRun> Declared(ExperimentRequest request) => StudyOf(request).Declared();

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => [.. Declared(request).Select(run => run.Spec)];

    /// <inheritdoc/>
    public virtual PublishedCost? PublishedCost => null;

    /// <inheritdoc/>
    public virtual IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => [];

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find) => Report(request, find, []);

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find, IReadOnlyList<TrainedStudent> others)
    {
        var study = StudyOf(request with { Table = null, Claim = null });
        var results = new StudyResults(study, find, others);
        var claims = Judge(results);
        var counts = string.Join(", ", VerdictWords.Counts(claims).Select(count => $"{count.Count} {VerdictWords.Of(count.Verdict)}"));
        return new PaperReport
        {
            Title = title,
            Citation = citation,
            Profile = results.Profile,
            Summary = [.. study.Summary, $"Of {claims.Count} claims: {counts}."],
            Header = ReportHeader.Of(results.Profile, study.Declared().Select(run => run.Spec), find),
            Tables = [.. study.Tables.Select(table => table.Make(results)).OfType<ReportTable>()],
            Figures = [.. study.Figures(results).OfType<Figure>()],
            Claims = claims,
            Deviations = [.. study.Deviations.OfType<string>()],
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedStudent> Students(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var study = StudyOf(request);
        return
        [
            .. from task in study.Tasks
               from student in study.Students
               let runs = study.RunsOf([student.Variant]).Where(run => run.Task == task).Select(run => run.Spec)
               from found in TrainedStudent.Of(student.Variant.Name, task.Name, study.TeacherModel, student.Geometry, runs, find)
               select found,
        ];
    }

    // What needs no training first, then the orders, then scores.
    private static IReadOnlyList<ClaimOutcome> Judge(StudyResults results)
    {
        var byKind = results.Study.Tables.ToLookup(table => table is ScoreTable);
        return
        [
            .. byKind[false].SelectMany(table => table.Judge(results)),
            .. results.Study.Exact.Select(claim => claim.Judge(results.Study)),
            .. OrderVerdicts.Of(results),
            .. byKind[true].SelectMany(table => table.Judge(results)),
        ];
    }
}
