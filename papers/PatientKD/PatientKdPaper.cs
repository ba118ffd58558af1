using Replication.Claims;
using Replication.PatientKD.Claims;
using Replication.PatientKD.Report;
using Replication.Runs;
using Replication.Studies;
using SizeTable = Replication.PatientKD.Report.SizeTable;

namespace Replication.PatientKD;

/// <summary>Patient Knowledge Distillation for BERT Model Compression.</summary>
public sealed class PatientKdPaper : IPaper
{
    /// <inheritdoc/>
    public string Name => "patientkd";

    /// <inheritdoc/>
    public string Title => "Patient Knowledge Distillation for BERT Model Compression";

    /// <inheritdoc/>
    public IReadOnlyList<Fidelity> Fidelities => [Fidelity.Default, Fidelity.Paper, Fidelity.Official];

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => PatientKD.Experiments.Of(request).All();

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Exercise(string model) => PatientKD.Experiments.Exercise(model);

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var results = new Results(request, find);
        var cells = PublishedCells.OfAssembly(typeof(PatientKdPaper).Assembly);
        var claims = request.Profile == Profile.Reference
            ? ReferenceRun.Judge(results)
            : [.. SizeClaims.Judge(cells), .. SpeedClaims.Judge(results, cells), .. OrderClaims.Judge(results, cells), .. ScoreClaims.Judge(results, cells)];
        return new PaperReport
        {
            Title = Title,
            Citation = "Sun, Cheng, Gan and Liu, EMNLP-IJCNLP 2019",
            Profile = results.Profile,
            Summary = Summary(results, claims),
            Header = ReportHeader.Of(results.Profile, results.Set.All(), find),
            Tables = request.Profile == Profile.Reference ? [ReferenceRun.Table(results)] : Tables(results, cells),
            Figures = LearningCurves.Make(results, cells),
            Claims = claims,
            Deviations = Deviations.Of(results),
        };
    }

    /// <summary>Students of half the teacher's depth: from the labels alone, and by PKD-Skip.</summary>
    public IReadOnlyList<TrainedStudent> Students(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var set = PatientKD.Experiments.Of(request);
        return
        [
            .. from task in set.Tasks
               from student in task.Students
               where student.Method is Method.FT or Method.Skip && student.Layers == set.TeacherLayers / 2 && student.BaseModel == set.Teacher
               let method = student.Method == Method.FT ? "labels only" : "PKD-Skip"
               from found in TrainedStudent.Of(
                   $"{method}, {student.Layers} layers", task.Task, set.Teacher, teacher => teacher with { NumHiddenLayers = student.Layers }, student.Runs, find)
               select found,
        ];
    }

    private static IReadOnlyList<ReportTable> Tables(Results results, PublishedCells cells)
    {
        var set = results.Set;
        ReportTable?[] tables =
        [
            ScoreTables.Make(results, cells, "Table 1", "GLUE", ScoreRow.Table1(set)),
            ScoreTables.Make(results, cells, "Table 2", "PKD-Last against PKD-Skip", ScoreRow.Table2(set)),
            RaceTable.Make(cells),
            SizeTable.Make(results, cells),
            ScoreTables.Make(results, cells, "Table 5", "Deeper teachers", ScoreRow.Table5(set)),
            SearchTable.Make(results),
        ];
        return [.. tables.OfType<ReportTable>()];
    }

    private static IReadOnlyList<string> Summary(Results results, IReadOnlyList<ClaimOutcome> claims)
    {
        var set = results.Set;
        var tasks = string.Join(", ", set.Tasks.Select(task => task.Task));
        var what = $"Patient-KD trains a student on its teacher's outputs and on the [CLS] states of the teacher's inner layers; here students of {string.Join(" and ", set.StudentLayers)} layers from {set.Teacher} ({set.TeacherLayers} layers) on {tasks}.";
        var scores = results.Request.Profile switch
        {
            Profile.Reference => "The recipe is that of an independent PyTorch run, against which this code is checked, so above is as much a disagreement as below; it says nothing on the paper.",
            _ when results.IsPapersOwn => "Scores are of the dev set and held against the authors' own dev scores; the paper's tables are of GLUE's test server.",
            _ => "Scores cannot be compared with the paper's, whose teacher is larger; sizes, speed-ups and the order of the methods can.",
        };
        var counts = string.Join(", ", VerdictWords.Counts(claims).Select(count => $"{count.Count} {VerdictWords.Of(count.Verdict)}"));
        return [what, scores, $"Of {claims.Count} claims: {counts}."];
    }
}
