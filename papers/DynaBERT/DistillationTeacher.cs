using Replication.Bert;
using Replication.Bert.SubNetworks;
using static TorchSharp.torch;

namespace Replication.DynaBERT;

/// <summary>A fixed teacher, dropout off, that is run once a batch and width.</summary>
/// <param name="model">The teacher; put into evaluation mode.</param>
/// <param name="width">Which width of it teaches.</param>
public sealed class DistillationTeacher(BertForSequenceClassification model, TeacherWidth width)
{
    /// <summary>The width multiplier at which it teaches a sub-network; those with an equal one share a pass.</summary>
    public double WidthFor(SubNetwork student) => width == TeacherWidth.Full ? 1 : student.Width;

    /// <summary>Logits and all hidden states at a width and full depth.</summary>
    public ClassifierOutput Run(TokenBatch tokens, double atWidth)
    {
        model.eval();
        model.SubNetwork = atWidth == 1 ? null : SubNetwork.Of(model.Config, atWidth, depth: 1);
        using var noGradient = no_grad();
        return model.forward(tokens, EncoderOutputs.HiddenStates);
    }

    /// <summary>The teacher's states that a sub-network's are matched with.</summary>
    public IReadOnlyList<Tensor> Matched(ClassifierOutput output, SubNetwork student, DepthRule rule) =>
        [.. KeptLayers.MatchedStates(model.Config.NumHiddenLayers, student.Depth, rule).Select(layer => output.Encoder.HiddenStates[layer])];
}
