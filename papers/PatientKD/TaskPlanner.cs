using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>Lays out the runs of one task: teachers, searches, students.</summary>
internal sealed class TaskPlanner
{
    private static readonly string[] LargeTasks = ["SST-2", "QQP", "MNLI", "QNLI"];

    private readonly GlueTask _task;
    private readonly ProfileSettings _settings;
    private readonly TaskSelection _all, _search;

    private TaskPlanner(GlueTask task, ProfileSettings settings)
    {
        (_task, _settings) = (task, settings);
        _all = new TaskSelection { Task = task.Name, Rows = LargeTasks.Contains(task.Name) ? settings.Rows : null };
        _search = _all with { HoldOut = settings.HoldOut };
    }

    private IReadOnlyList<int> Seeds => [.. Enumerable.Range(1, _settings.Seeds)];

    // A search on the dev set is the measurement itself, so that its choice stands in the tables; one on held-out rows comes before it.
    private bool ChoosesOnDev => _settings.HoldOut == 0;

    /// <summary>The runs of a task.</summary>
    public static TaskRuns Plan(GlueTask task, ProfileSettings settings, int depth, IReadOnlyList<int> students)
    {
        var planner = new TaskPlanner(task, settings);
        var runs = planner.WithTeacher(settings.Teacher, depth, [.. students.Select(layers => (layers, settings.Teacher))]);
        if (settings.DeepTeacher is not { } deep)
            return runs;
        // Table 5: BERT24 teaches six layers of BERT-base, which are narrower and so get no patience term, and of BERT-large.
        var more = planner.WithTeacher(deep, PretrainedModels.Depth(deep), [(6, settings.Teacher), (6, deep)]);
        return runs with { Teachers = [.. runs.Teachers, .. more.Teachers], Students = [.. runs.Students, .. more.Students.Where(s => s.Method is Method.KD or Method.Skip)] };
    }

    private TaskRuns WithTeacher(string teacher, int depth, IReadOnlyList<(int Layers, string BaseModel)> students)
    {
        var maps = students.Where(s => s.BaseModel == teacher).ToDictionary(s => s.Layers, s => Maps(depth, s.Layers));
        int[] kept = [.. maps.Values.SelectMany(m => m).SelectMany(m => m.Map.Pairs).Select(pair => pair.Teacher).Distinct().Order()];
        IReadOnlyList<RunSpec> teachers = [.. (_settings.TeacherPerSeed ? Seeds : [1]).Select(seed => FineTuned(_all, teacher, null, seed))];
        var runs = new List<StudentRuns>();
        foreach (var (layers, baseModel) in students)
        {
            var student = new Student(teacher, teachers[0], baseModel, layers, kept);
            if (baseModel == _settings.Teacher && teacher == _settings.Teacher)
                runs.Add(Runs(student, Method.FT, null, seed => FineTuned(_all, baseModel, layers, seed)));
            runs.Add(Runs(student, Method.KD, null, seed => Distilled(student, seed)));
            foreach (var (method, map) in baseModel == teacher ? maps[layers] : [])
                runs.Add(Runs(student, method, map, seed => Patient(student, map, seed)));
        }
        return new TaskRuns(_task.Name, [(teacher, teachers)], runs);
    }

    private StudentRuns Runs(Student student, Method method, LayerMap? map, Func<int, RunSpec> run) =>
        new(method, student.Layers, student.BaseModel, student.TeacherName, map, Seeds, [.. Seeds.Select(run)]);

    // For 12 to 3 the paper's numbers come from the script's map, which is PKD-Last's.
    private static IReadOnlyList<(Method Method, LayerMap Map)> Maps(int depth, int layers) => (depth, layers) == (12, 3)
        ? [(Method.Skip, PatientLayerMaps.Script(depth, layers))]
        : [(Method.Skip, PatientLayerMaps.Skip(depth, layers)), (Method.Last, PatientLayerMaps.Last(depth, layers))];

    // On held-out rows only alpha, T and beta are searched; the rate is the grid's first.
    private RunSpec FineTuned(TaskSelection rows, string model, int? layers, int seed) => Choose(
        $"{_task} {(layers is null ? "teacher" : $"{layers} layers, labels only")}, seed {seed}",
        [.. (ChoosesOnDev ? _settings.Grid.LearningRates : [_settings.Grid.LearningRates[0]]).Select(rate => new FineTuneSpec
        {
            Selection = rows, BaseModel = model, Layers = layers, Recipe = _settings.Recipe with { LearningRate = rate }, Seed = seed,
        })]);

    private RunSpec Distilled(Student student, int seed)
    {
        if (ChoosesOnDev)
            return SearchSoftTargets(student, _all, seed);
        return Spec(student, _all, null, seed, 0) with { Tuning = Tuned(SearchSoftTargets(HeldOut(student), _search, 1), TunedValues.LearningRate | TunedValues.SoftTargets) };
    }

    private RunSpec Patient(Student student, LayerMap map, int seed)
    {
        if (ChoosesOnDev)
            return SearchBeta(student, _all, map, seed);
        // Both maps take the beta that suits the skip map, the paper's choice.
        var skip = PatientLayerMaps.Skip(PretrainedModels.Depth(student.TeacherName), student.Layers);
        return Spec(student, _all, map, seed, _settings.Grid.Betas[0]) with { Tuning = Tuned(SearchBeta(HeldOut(student), _search, skip, 1), TunedValues.All) };
    }

    // Neither student nor teacher of the search has seen the rows that decide it.
    private Student HeldOut(Student student) => student with { Teacher = FineTuned(_search, student.TeacherName, null, 1) };

    private RunSpec SearchSoftTargets(Student student, TaskSelection rows, int seed) => Choose(
        $"{_task} KD, {student}: alpha, T and rate, seed {seed}",
        [.. from soft in _settings.Grid.SoftTargets
            from rate in _settings.Grid.LearningRates
            select WithValues(Spec(student, rows, null, seed, 0), rate, soft)]);

    private RunSpec SearchBeta(Student student, TaskSelection rows, LayerMap map, int seed)
    {
        var soft = Tuned(SearchSoftTargets(student, rows, seed), TunedValues.SoftTargets);
        return Choose(
            $"{_task} {map.Name}, {student}: beta and rate, seed {seed}",
            [.. from beta in _settings.Grid.Betas
                from rate in _settings.Grid.LearningRates
                select WithValues(Spec(student, rows, map, seed, beta), rate, _settings.Grid.SoftTargets[0]) with { Tuning = soft }]);
    }

    private static Tuning? Tuned(RunSpec search, TunedValues values) => search is SelectionSpec selection ? new Tuning(selection, values) : null;

    private static PatientKdSpec WithValues(PatientKdSpec spec, double rate, (double Alpha, double Temperature) soft) => spec with
    {
        Recipe = spec.Recipe with { LearningRate = rate },
        Loss = spec.Loss with { Alpha = soft.Alpha, Soft = spec.Loss.Soft with { Temperature = soft.Temperature } },
    };

    private PatientKdSpec Spec(Student student, TaskSelection rows, LayerMap? map, int seed, double beta) => new()
    {
        Selection = rows,
        BaseModel = student.BaseModel,
        StudentLayers = student.Layers,
        Teacher = student.Teacher,
        Loss = _settings.Loss with { Beta = beta },
        Map = map,
        Recipe = _settings.Recipe,
        Seed = seed,
        KeptTeacherLayers = student.Kept,
    };

    private RunSpec Choose(string name, IReadOnlyList<RunSpec> candidates) => candidates.Count == 1 ? candidates[0] : new SelectionSpec
    {
        Name = name,
        Candidates = candidates,
        Split = ChoosesOnDev ? "dev" : "held-out",
        Metric = GlueScorer.Name(_task.MainMetric),
    };

    private sealed record Student(string TeacherName, RunSpec Teacher, string BaseModel, int Layers, IReadOnlyList<int> Kept)
    {
        public override string ToString() => BaseModel == TeacherName ? $"{Layers} layers of {BaseModel}" : $"{Layers} layers of {BaseModel} from {TeacherName}";
    }
}
