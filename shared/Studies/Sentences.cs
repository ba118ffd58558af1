using System.Globalization;
using Replication.Bert;

namespace Replication.Studies;

/// <summary>Sentences that the papers' reports share: what scores are worth, and in what the teacher differs from the paper's.</summary>
public static class Sentences
{
    /// <summary>What scores are worth beside the published ones.</summary>
    /// <param name="request">Says whether teacher and geometry are the paper's.</param>
    /// <param name="own">The sentence where they are.</param>
    /// <param name="comparable">What can be compared where they are not, such as "sizes and speed-ups".</param>
    /// <param name="larger">What is larger in the paper.</param>
    public static string Scores(ExperimentRequest request, string own, string comparable, string larger = "teacher is larger") =>
        request.IsPapersOwn ? own : $"Scores cannot be compared with the paper's, whose {larger}; {comparable} can.";

    /// <summary>A teacher that is not the paper's; null where it is.</summary>
    /// <param name="request">Says whether it is.</param>
    /// <param name="teacher">Its name or folder.</param>
    /// <param name="students">What follows for students, such as "; students keep its first 3 layers".</param>
    public static string? Teacher(ExperimentRequest request, string teacher, string students = "") => request.IsPapersOwn ? null
        : $"The teacher is {teacher} with {PretrainedModels.Depth(teacher)} layers where the paper has BERT-base with "
            + $"{BertConfig.Base.NumHiddenLayers}{students}.";

    /// <summary>A learning rate as papers write it, such as "5e-5".</summary>
    public static string Rate(double rate) => rate.ToString("0.#e-0", CultureInfo.InvariantCulture);
}
