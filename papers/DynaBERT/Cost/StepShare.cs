using Replication.Bert;
using Replication.Bert.SubNetworks;

namespace Replication.DynaBERT.Cost;

/// <summary>What a step over the sub-networks has to compute, as a multiple of a plain step of the whole network.</summary>
/// <param name="Labels">Forward and backward pass of each sub-network.</param>
/// <param name="Distilled">With the forward passes of the teacher, one a width, each a third of a step of that width.</param>
internal sealed record StepShare(double Labels, double Distilled)
{
    /// <summary>Counts the matrix products.</summary>
    public static StepShare Of(BertConfig config, StepCostSpec spec)
    {
        double Share(SubNetwork part) => ModelSize.Flops(part.Config(config), spec.Protocol.Length) / (double)ModelSize.Flops(config, spec.Protocol.Length);
        var parts = spec.Parts(config);
        var students = parts.Sum(Share);
        var teacher = spec.TeacherWidth == TeacherWidth.Full ? 1 : spec.Widths.Sum(width => Share(SubNetwork.Of(config, width, depth: 1)));
        return new StepShare(students, students + (teacher / 3));
    }
}
