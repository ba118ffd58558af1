using Replication.Augmentation;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>Lays out the runs of one task: teacher, the three stages of each seed, ablations, networks trained alone.</summary>
internal sealed class TaskPlanner
{
    /// <summary>Ablation: neither rewired nor distilled, on the original rows.</summary>
    public const string Vanilla = "vanilla DynaBERT_W";

    /// <summary>Ablation: not rewired.</summary>
    public const string NoRewiring = "without rewiring";

    /// <summary>Ablation: labels alone, on the original rows.</summary>
    public const string NoDistillation = "without distillation and augmentation";

    private static readonly string[] LargeTasks = ["SST-2", "QQP", "MNLI", "QNLI"];

    /// <summary>Large, middle and small among the twelve: trained alone too, as the whole family is, and exported and timed.</summary>
    public static IReadOnlyList<(double Width, double Depth)> ThreeSizes { get; } = [(0.75, 0.75), (0.5, 0.5), (0.25, 0.5)];

    private readonly ProfileSettings _settings;
    private readonly TaskSelection _rows;
    private readonly FineTuneSpec _teacher;
    private readonly AugmentationSpec? _augmentation;

    private TaskPlanner(GlueTask task, ProfileSettings settings)
    {
        _settings = settings;
        var all = new TaskSelection { Task = task.Name, Rows = LargeTasks.Contains(task.Name, StringComparer.Ordinal) ? settings.TeacherRows : null };
        _rows = (task.IsPair ? settings.PairRows : settings.SentenceRows) is { } rows ? all with { Rows = rows } : all;
        _augmentation = settings.Augmentation is null ? null : new AugmentationSpec
        {
            Selection = _rows, Model = settings.Teacher, Settings = settings.Augmentation, MaxLength = AugmentationSpec.LengthOf(task), Glove = settings.Glove, Seed = 1,
        };
        _teacher = new FineTuneSpec { Selection = all, BaseModel = settings.Teacher, Recipe = settings.TeacherRecipe, Seed = 1 };
    }

    /// <summary>The runs of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="settings">The profile.</param>
    /// <param name="isAblated">Whether it has ablations.</param>
    public static TaskRuns Plan(GlueTask task, ProfileSettings settings, bool isAblated)
    {
        var planner = new TaskPlanner(task, settings);
        int[] seeds = [.. Enumerable.Range(1, settings.Seeds)];
        return new TaskRuns(
            task.Name,
            planner._teacher,
            [.. seeds.Select(planner.DynaBert)],
            isAblated ? planner.Ablations(seeds) : [],
            isAblated ? [.. ThreeSizes.Select(size => planner.Separate(size.Width, size.Depth, seeds))] : []);
    }

    private DynaBertRuns DynaBert(int seed)
    {
        var width = WidthStage(seed);
        var depth = width with
        {
            Stage = "DynaBERT, widths and depths",
            Start = width,
            Teacher = width,
            Loss = DistillationLoss.WidthAndDepth with { MatchesScores = _settings.Switches.MatchesScores },
            TeacherWidth = _settings.Switches.TeacherWidth,
            Rewiring = null,
            Depths = ProfileSettings.PapersDepths,
            Recipe = Epochs(_settings.DepthEpochs),
        };
        return new DynaBertRuns(width, depth, FineTuned(depth, "DynaBERT, finally fine-tuned"));
    }

    // The teacher of stage 1 is the fine-tuned network as it was before rewiring, at full width.
    private DynaBertSpec WidthStage(int seed)
    {
        var distils = _augmentation is not null || _settings.Switches.DistilsWithoutAugmentation;
        return new DynaBertSpec
        {
            Stage = "DynaBERT_W, widths",
            Selection = _rows,
            BaseModel = _settings.Teacher,
            Start = _teacher,
            Teacher = distils ? _teacher : null,
            Loss = distils ? DistillationLoss.Width with { MatchesScores = _settings.Switches.MatchesScores } : null,
            TeacherWidth = TeacherWidth.Full,
            Rewiring = _settings.Switches.Importance,
            Widths = ProfileSettings.PapersWidths,
            Depths = [1],
            Rule = _settings.Switches.Rule,
            Augmentation = _augmentation,
            Recipe = Epochs(_settings.WidthEpochs),
            Seed = seed,
        };
    }

    private DynaBertSpec FineTuned(DynaBertSpec start, string stage) => start with
    {
        Stage = stage, Start = start, Teacher = null, Loss = null, Rewiring = null, Augmentation = null, Recipe = Epochs(_settings.FinalEpochs),
    };

    private IReadOnlyList<AblationRuns> Ablations(int[] seeds)
    {
        AblationRuns Of(string name, Func<DynaBertSpec, DynaBertSpec> change) =>
            new(name, [.. seeds.Select(seed => change(WidthStage(seed)) with { Stage = name.StartsWith("without", StringComparison.Ordinal) ? $"DynaBERT_W, {name}" : name })]);
        return
        [
            Of(Vanilla, spec => Labels(spec) with { Rewiring = null }),
            Of(NoRewiring, spec => spec with { Rewiring = null }),
            Of(NoDistillation, Labels),
        ];
    }

    private DynaBertSpec Labels(DynaBertSpec spec) => spec with { Teacher = null, Loss = null, Augmentation = null, Recipe = Epochs(_settings.LabelEpochs) };

    // Rewired, distilled from the whole teacher, then fine-tuned: the same recipe with one sub-network in the place of twelve.
    private SeparateRuns Separate(double width, double depth, int[] seeds) => new(width, depth, [.. seeds.Select(seed =>
    {
        var name = $"alone, {SubNetwork.NameOf(width, depth)}";
        var distilled = WidthStage(seed) with
        {
            Stage = $"{name}, distilled",
            Teacher = _teacher,
            Loss = DistillationLoss.WidthAndDepth with { MatchesScores = _settings.Switches.MatchesScores },
            Widths = [width],
            Depths = [depth],
            Recipe = Epochs(_settings.WidthEpochs + _settings.DepthEpochs),
        };
        return FineTuned(distilled, name);
    })]);

    private TrainingRecipe Epochs(int epochs) => _settings.Switches.Stage(_settings.Recipe) with { Epochs = epochs };
}
