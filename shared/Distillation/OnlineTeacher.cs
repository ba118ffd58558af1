using Replication.Bert;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>A fine-tuned teacher that runs beside its student, in the number format and mode that it teaches in.</summary>
public sealed class OnlineTeacher
{
    private readonly BertForSequenceClassification _model;
    private readonly DropoutStream? _dropout;

    /// <summary>Sets a model up; it is not owned.</summary>
    /// <param name="model">The teacher.</param>
    /// <param name="hasDropout">Whether its dropout is on.</param>
    /// <param name="precision">Number format of its products.</param>
    /// <param name="seed">Seed of its dropout.</param>
    public OnlineTeacher(BertForSequenceClassification model, bool hasDropout, Precision precision, long seed)
    {
        _model = model;
        model.Precision = precision;
        model.train(hasDropout);
        if (hasDropout)
            model.Dropout = _dropout = DropoutOf(seed);
    }

    /// <summary>The masks that a teacher's dropout draws.</summary>
    /// <param name="seed">The run's seed.</param>
    public static DropoutStream DropoutOf(long seed) => new(unchecked((long)RandomStream.Derive(seed, "teacher dropout")));

    /// <summary>What the teacher computes for a batch, without gradients.</summary>
    public T Of<T>(GlueBatch batch, Func<BertForSequenceClassification, T> compute)
    {
        using var noGrad = no_grad();
        // A pure function of the rows, so that a resumed run draws the same masks.
        _dropout?.BeginStep(batch.Rows.Aggregate(17L, (hash, row) => unchecked((hash * 31) + row)));
        return compute(_model);
    }
}
