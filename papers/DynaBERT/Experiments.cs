using Replication.Augmentation;
using Replication.DynaBERT.Cost;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>The paper's table, figures and ablations as runs, for each profile.</summary>
public static class Experiments
{
    private const string PapersModel = "bert-base-uncased";

    // A few seconds each; the limit is ten per cent, and a busy machine strays by as much.
    private const int StepRounds = 7;

    /// <summary>The runs that a request asks for.</summary>
    /// <exception cref="ReplicationException">A profile, task or number of seeds that cannot be used.</exception>
    public static ExperimentSet Of(ExperimentRequest request)
    {
        var settings = ProfileSettings.Of(request.Profile);
        if (request.Fidelity == Fidelity.Official)
            settings = settings with { Switches = Switches.OfficialCode };
        if (request.Glove is { } glove)
            settings = settings with { Glove = GloveSource.OfUser(glove) };
        if (request.Teacher is { } teacher)
            settings = settings with { Teacher = teacher };
        if (request.Tasks.Count > 0)
            settings = settings with { Tasks = request.Tasks };
        settings = settings with { Seeds = request.SeedsOr(settings.Seeds) };
        var precision = request.Precision;
        settings = settings with
        {
            Recipe = settings.Recipe with { Precision = precision },
            TeacherRecipe = settings.TeacherRecipe with { Precision = precision },
            Augmentation = settings.Augmentation is { } augmentation ? augmentation with { Precision = precision } : null,
        };
        var speed = settings.SpeedRounds == 0 ? null : new SubNetworkSpeedSpec
        {
            Widths = ProfileSettings.PapersWidths, Depths = ProfileSettings.PapersDepths, Rule = settings.Switches.Rule,
            Protocol = new SpeedProtocol { BatchSize = 1, Length = 128, Rounds = settings.SpeedRounds },
        };
        return new ExperimentSet(
            settings,
            [.. settings.Tasks.Select((name, index) => TaskPlanner.Plan(GlueTasks.Parse(name), settings, index < settings.AblatedTasks))],
            speed is null ? null : new ExportSpeedSpec
            {
                BaseModel = settings.Teacher,
                Widths = [.. TaskPlanner.ThreeSizes.Select(size => size.Width)],
                Depths = [.. TaskPlanner.ThreeSizes.Select(size => size.Depth)],
                Rule = settings.Switches.Rule,
                Protocol = speed.Protocol,
            },
            speed is null ? null : StepCost(settings),
            speed,
            speed is null || settings.Teacher == PapersModel ? null : speed with { BaseModel = settings.Teacher });
    }

    private static StepCostSpec StepCost(ProfileSettings settings) => new()
    {
        BaseModel = settings.Teacher,
        Widths = ProfileSettings.PapersWidths,
        Depths = ProfileSettings.PapersDepths,
        Rule = settings.Switches.Rule,
        TeacherWidth = settings.Switches.TeacherWidth,
        Protocol = CalibrationMeasurement.Batch with { BatchSize = settings.Recipe.BatchSize, Rounds = StepRounds, Precision = settings.Recipe.Precision },
        Recipe = settings.Recipe,
    };

    /// <summary>The kinds of run of the paper profile, four steps each, on the longest rows that are at hand (RTE's).</summary>
    /// <param name="model">A model's name.</param>
    public static IReadOnlyList<RunSpec> Exercise(string model)
    {
        var settings = ProfileSettings.Of(Profile.Paper) with { Teacher = model, Tasks = ["RTE"], AblatedTasks = 0, Augmentation = null, SpeedRounds = 0 };
        var task = TaskPlanner.Plan(GlueTasks.Rte, settings, isAblated: false);
        var rows = new TaskSelection { Task = "RTE", Rows = 160, HoldOut = 0.2 };
        TrainingRecipe Short(TrainingRecipe recipe) => recipe with { MaxSteps = 4 };
        var teacher = task.Teacher with { Selection = rows, Recipe = Short(task.Teacher.Recipe) };
        var full = task.Seeds[0];
        var width = full.Width with { Selection = rows, Recipe = Short(full.Width.Recipe), Start = teacher, Teacher = teacher };
        var depth = full.Depth with { Selection = rows, Recipe = Short(full.Depth.Recipe), Start = width, Teacher = width };
        return [teacher, width, depth, full.Final with { Selection = rows, Recipe = Short(full.Final.Recipe), Start = depth }];
    }
}
