using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>Each point where the paper and the authors' code differ, and the two combinations that have a name.</summary>
public sealed record Switches
{
    /// <summary>Which layers stay.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <summary>The teacher of stage 2: of the student's width, or whole since the code forgets to narrow it.</summary>
    public TeacherWidth TeacherWidth { get; init; } = TeacherWidth.SameAsStudent;

    /// <summary>Gradients of the importance: each batch its own, or carried over since the code never zeroes them.</summary>
    public ImportanceGradients Importance { get; init; } = ImportanceGradients.ZeroedEachBatch;

    /// <summary>Whether stage 1 distils without augmented data too; the code then learns from the labels.</summary>
    public bool DistilsWithoutAugmentation { get; init; } = true;

    /// <summary>Whether STS-B's outputs are matched; the code matches hidden states alone.</summary>
    public bool MatchesScores { get; init; } = true;

    /// <summary>In which order a stage visits its rows.</summary>
    public BatchOrder Order { get; init; } = BatchOrder.Bucketed;

    /// <summary>Whether a stage pads every row to the longest length, which the mean squared errors of hidden states then count.</summary>
    public bool PadsToMaxLength { get; init; }

    /// <summary>As the paper says.</summary>
    public static Switches Paper { get; } = new();

    /// <summary>As the authors' program does.</summary>
    public static Switches OfficialCode { get; } = new()
    {
        Rule = DepthRule.OfficialCode,
        TeacherWidth = TeacherWidth.Full,
        Importance = ImportanceGradients.CarriedOver,
        DistilsWithoutAugmentation = false,
        MatchesScores = false,
        Order = BatchOrder.Shuffled,
        PadsToMaxLength = true,
    };

    /// <summary>A stage's recipe with these switches.</summary>
    public TrainingRecipe Stage(TrainingRecipe recipe) => recipe with { Order = Order, PadsToMaxLength = PadsToMaxLength };
}
