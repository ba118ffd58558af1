using Replication.Bert;
using Replication.Glue;
using Replication.Measurements;
using Replication.PatientKD.Speed;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>The paper's tables and figure as runs, for each profile.</summary>
public static class Experiments
{
    /// <summary>The runs that a request asks for.</summary>
    /// <exception cref="ReplicationException">A task, teacher or number of seeds that cannot be used.</exception>
    public static ExperimentSet Of(ExperimentRequest request)
    {
        var settings = ProfileSettings.Of(request.Profile);
        settings = settings.With(request.Fidelity);
        if (request.Teacher is { } teacher)
            settings = settings with { Teacher = teacher };
        if (request.Tasks.Count > 0)
            settings = settings with { Tasks = request.Tasks };
        settings = settings with { Seeds = request.SeedsOr(settings.Seeds) };
        settings = settings with { Recipe = settings.Recipe with { Precision = request.Precision } };

        var depth = PretrainedModels.Depth(settings.Teacher);
        IReadOnlyList<int> students = [.. settings.Shares.Select(share => depth / share).Where(layers => layers >= 2)];
        return new ExperimentSet(
            settings.Teacher,
            depth,
            students,
            settings.Grid,
            [.. settings.Tasks.Select(name => TaskPlanner.Plan(GlueTasks.Parse(name), settings, depth, students))],
            settings.SpeedRounds == 0 ? null : new SpeedSpec { Protocol = new SpeedProtocol { Rounds = settings.SpeedRounds, Precision = settings.Recipe.Precision } });
    }

    /// <summary>
    /// The recipe of an independent PyTorch run: teachers of seeds 1 to 3, and FT, KD, Skip and Last of seeds 1 to 3 from the
    /// teacher of seed 1, on SST-2 (8,000 rows) and STS-B. Teachers and FT are the same runs as the small profile's.
    /// </summary>
    public static ExperimentSet Reference() => Of(new ExperimentRequest { Profile = Profile.Reference });

    /// <summary>
    /// A teacher and a Patient-KD student of six layers with the paper profile's recipe, four steps each, on the longest rows
    /// that are at hand (RTE's).
    /// </summary>
    public static IReadOnlyList<RunSpec> Exercise(string model)
    {
        var recipe = Recipes.Paper with { MaxSteps = 4, TrainSampleRows = 0, EvaluationsPerEpoch = 1 };
        var rows = new TaskSelection { Task = "RTE", Rows = 160, HoldOut = 0.2 };
        var teacher = new FineTuneSpec { Selection = rows, BaseModel = model, Recipe = recipe, Seed = 1 };
        return
        [
            teacher,
            new PatientKdSpec
            {
                Selection = rows, BaseModel = model, StudentLayers = 6, Teacher = teacher, Recipe = recipe, Seed = 1,
                Loss = PatientKdLoss.Default with { Beta = 100 }, Map = PatientLayerMaps.Skip(PretrainedModels.Depth(model), 6),
            },
        ];
    }
}
