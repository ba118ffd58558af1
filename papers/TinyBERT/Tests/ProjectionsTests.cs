using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.TinyBERT.Tests;

/// <summary>The matrices that bring a student's states to its teacher's width.</summary>
[TestFixture]
internal sealed class ProjectionsTests
{
    private static readonly BertConfig Student = new() { VocabSize = 10, HiddenSize = 2, NumHiddenLayers = 1, NumAttentionHeads = 1,
        IntermediateSize = 4, MaxPositionEmbeddings = 8 };

    [Test]
    public void Shared_States_ArePutThroughOneMatrixWithABias()
    {
        using var scope = NewDisposeScope();
        using var projections = new Projections(Student, 3, shared: true, 1, CPU);
        Set(projections, ("projection.fit_dense.bias", [10, 20, 30]), ("projection.fit_dense.weight", [1, 0, 0, 2, 1, 1]));
        var states = tensor((float[])[3, 4], [1, 1, 2]);
        // 1 x 3 + 0 x 4 + 10, 0 x 3 + 2 x 4 + 20, 1 x 3 + 1 x 4 + 30
        float[] expected = [13, 28, 37];
        Assert.That(projections.Embedding(states).data<float>().ToArray(), Is.EqualTo(expected));
        Assert.That(projections.Hidden(states).data<float>().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Separate_States_HaveAMatrixEachAndNoBias()
    {
        using var scope = NewDisposeScope();
        using var projections = new Projections(Student, 3, shared: false, 1, CPU);
        Set(projections, ("projection.W_e.weight", [1, 0, 0, 2, 1, 1]), ("projection.W_h.weight", [0, 1, 1, 0, -1, 2]));
        var states = tensor((float[])[3, 4], [1, 1, 2]);
        Assert.That(projections.Embedding(states).data<float>().ToArray(), Is.EqualTo((float[])[3, 8, 7]));
        Assert.That(projections.Hidden(states).data<float>().ToArray(), Is.EqualTo((float[])[4, 3, 5]));
    }

    private static void Set(Projections projections, params (string Name, float[] Values)[] values)
    {
        Assert.That(projections.Parameters.Select(p => p.Name), Is.EqualTo(values.Select(v => v.Name)));
        using var noGrad = no_grad();
        foreach (var ((_, parameter), (_, numbers)) in projections.Parameters.Zip(values))
            parameter.copy_(tensor(numbers, parameter.shape));
    }
}
