using Replication.Augmentation;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>
/// How the stages of one variant depend on each other: unchanged, it is DynaBERT; the ablations leave something out. Replicates share
/// the teacher and the augmented rows unless they are whole.
/// </summary>
/// <param name="Profile">What the profile fixes.</param>
public sealed record Pipeline(DynaBertProfile Profile)
{
    private const string PapersModel = "bert-base-uncased";

    /// <summary>Whether stage 1 begins with the rewiring.</summary>
    public bool Rewires { get; init; } = true;

    /// <summary>Whether stages 1 and 2 learn from a teacher, on augmented rows; else from labels of original rows, in as many.</summary>
    public bool Distils { get; init; } = true;

    /// <summary>Whether what is distilled has augmented rows too; else as many steps on the original ones.</summary>
    public bool Augments { get; init; } = true;

    private Switches Switches => Profile.Switches;

    /// <summary>Stage 1, DynaBERT_W: rewired, then taught at every width by the whole fine-tuned network as it was before.</summary>
    public DynaBertSpec Width(GlueTask task, int replicate)
    {
        var augmentation = Distils && Augments ? Augmentation(task, replicate) : null;
        var isTaught = Distils && (augmentation is not null || Switches.DistilsWithoutAugmentation);
        return new DynaBertSpec
        {
            Stage = !Augments ? "DynaBERT_W, without augmentation" : (Rewires, Distils) switch
            {
                (true, true) => "DynaBERT_W, widths",
                (false, true) => "DynaBERT_W, without rewiring",
                (true, false) => "DynaBERT_W, without distillation and augmentation",
                _ => "vanilla DynaBERT_W",
            },
            Selection = Rows(task),
            BaseModel = Profile.Teacher,
            Start = Teacher(task, replicate),
            Teacher = isTaught ? Teacher(task, replicate) : null,
            Loss = isTaught ? Switches.Loss(DistillationLoss.Width) : null,
            TeacherWidth = TeacherWidth.Full,
            Rewiring = Rewires ? Switches.Importance : null,
            Widths = DynaBertProfile.Widths,
            Depths = [1],
            Rule = Switches.Rule,
            Augmentation = augmentation,
            Recipe = Stage(Distils && Augments ? Profile.Epochs.Width : Profile.Epochs.Labels),
            Seed = replicate,
        };
    }

    /// <summary>Stage 2, DynaBERT: taught at every width and depth by DynaBERT_W at full depth; or vanilla, from the labels.</summary>
    public DynaBertSpec Depth(GlueTask task, int replicate)
    {
        var width = Width(task, replicate);
        return width with
        {
            Stage = Distils ? "DynaBERT, widths and depths" : "vanilla DynaBERT, widths and depths",
            Start = width,
            Teacher = Distils ? width : null,
            Loss = Distils ? Switches.Loss(DistillationLoss.WidthAndDepth) : null,
            TeacherWidth = Switches.TeacherWidth,
            Rewiring = null,
            Depths = DynaBertProfile.Depths,
            Recipe = Stage(Distils ? Profile.Epochs.Depth : Profile.Epochs.Labels),
        };
    }

    /// <summary>DynaBERT after the final fine-tuning: what Table 1 shows.</summary>
    public DynaBertSpec Final(GlueTask task, int replicate) => FineTuned(Depth(task, replicate), "DynaBERT, finally fine-tuned");

    /// <summary>A network of one size alone: rewired, distilled from the whole teacher, fine-tuned, as the twelve are together.</summary>
    public DynaBertSpec Alone(GlueTask task, int replicate, SubNetwork part)
    {
        var name = $"alone, {part.Name}";
        return FineTuned(
            Width(task, replicate) with
            {
                Stage = $"{name}, distilled",
                Teacher = Teacher(task, replicate),
                Loss = Switches.Loss(DistillationLoss.WidthAndDepth),
                Widths = [part.Width],
                Depths = [part.Depth],
                Recipe = Stage(Profile.Epochs.Width + Profile.Epochs.Depth),
            },
            name);
    }

    /// <summary>A network of one size alone, the paper's baseline: cut out as it is and fine-tuned, in as many steps as that.</summary>
    public DynaBertSpec Separate(GlueTask task, int replicate, SubNetwork part)
    {
        var (start, epochs) = ((this with { Rewires = false, Distils = false }).Width(task, replicate), Profile.Epochs);
        return start with
        {
            Stage = $"separate, {part.Name}, fine-tuned", Widths = [part.Width], Depths = [part.Depth],
            Recipe = Stage((epochs.Labels * (epochs.Width + epochs.Depth) / epochs.Width) + epochs.Final),
        };
    }

    /// <summary>Latency of the twelve at BERT-base's geometry, one sequence at a time.</summary>
    public SubNetworkSpeedSpec Speed => new()
    {
        Widths = DynaBertProfile.Widths,
        Depths = DynaBertProfile.Depths,
        Rule = Switches.Rule,
        Protocol = DynaBertProfile.Latency(Profile.SpeedRounds),
    };

    /// <summary>The same at the teacher's own geometry.</summary>
    public SubNetworkSpeedSpec TeacherSpeed => Profile.Teacher == PapersModel ? Speed : Speed with { BaseModel = Profile.Teacher };

    /// <summary>Latency of three exported sizes at the teacher's geometry.</summary>
    public ExportSpeedSpec Exported => new()
    {
        BaseModel = Profile.Teacher,
        Widths = [.. DynaBertProfile.ThreeSizes.Select(size => size.Width)],
        Depths = [.. DynaBertProfile.ThreeSizes.Select(size => size.Depth)],
        Rule = Switches.Rule,
        Protocol = Speed.Protocol,
    };

    /// <summary>What a training step over the twelve costs.</summary>
    public StepCostSpec StepCost => new()
    {
        BaseModel = Profile.Teacher,
        Widths = DynaBertProfile.Widths,
        Depths = DynaBertProfile.Depths,
        Rule = Switches.Rule,
        TeacherWidth = Switches.TeacherWidth,
        Protocol = Profile.StepTiming,
        Recipe = Profile.Recipe,
    };

    private DynaBertSpec FineTuned(DynaBertSpec start, string stage) => start with
    {
        Stage = stage, Start = start, Recipe = Stage(Profile.Epochs.Final),
        Teacher = null, Loss = null, Rewiring = null, Augmentation = null,
    };

    private AugmentationSpec? Augmentation(GlueTask task, int replicate) =>
        Profile.Augmentation is not { } settings ? null : new AugmentationSpec
    {
        Selection = Rows(task), Model = Profile.Teacher,
        Settings = (Switches.OfficialAugmentation ? settings.AsTheCode(task.Name, Profile.SentenceRows is not null) : settings)
            with { IsInTurn = Switches.AugmentsInTurn },
        MaxLength = AugmentationSpec.LengthOf(task),
        Glove = Profile.Glove, Seed = Profile.SharedSeed(replicate),
    };

    private FineTuneSpec Teacher(GlueTask task, int replicate) => Profile.FineTuned(task, Profile.SharedSeed(replicate));

    private TaskSelection Rows(GlueTask task) =>
        (task.IsPair ? Profile.PairRows : Profile.SentenceRows) is { } rows
            ? Profile.RowsOf(task) with { Rows = rows } : Profile.RowsOf(task);

    private TrainingRecipe Stage(int epochs) => Switches.Stage(Profile.Recipe) with { Epochs = epochs };
}
