using Replication.Bert;
using Replication.Glue;
using Replication.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>The first step of task distillation: the inner states of the fine-tuned teacher, which runs beside the student.</summary>
internal sealed class IntermediateObjective : IObjectiveWithParameters
{
    private readonly BertForSequenceClassification _student;
    private readonly BertForSequenceClassification _teacher;
    private readonly Projections _projections;
    private readonly TransformerLoss _loss;

    /// <summary>Creates the objective; the teacher is put into the mode and number format that it teaches in.</summary>
    public IntermediateObjective(
        BertForSequenceClassification student, BertForSequenceClassification teacher, Projections projections, TransformerDistillation method, Precision precision, long seed)
    {
        (_student, _teacher, _projections) = (student, teacher, projections);
        _loss = new TransformerLoss(method, student.Config, teacher.Config, projections);
        teacher.Precision = precision;
        teacher.train(method.TeacherDropout);
        if (method.TeacherDropout)
            TeacherDropout = teacher.Dropout = new DropoutStream(unchecked((long)RandomStream.Derive(seed, "teacher dropout")));
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Value)> Parameters => _projections.Parameters;

    private DropoutStream? TeacherDropout { get; }

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        // A pure function of the rows, so that a resumed run draws the same masks.
        TeacherDropout?.BeginStep(batch.Rows.Aggregate(17L, (hash, row) => unchecked((hash * 31) + row)));
        EncoderOutput taught;
        using (no_grad())
            taught = _teacher.Encoder.call(batch.Tokens, _loss.Request);
        var terms = _loss.Of(_student.Encoder.call(batch.Tokens, _loss.Request), taught, batch.Tokens.AttentionMask);
        var total = terms.Select(t => t.Value).Aggregate((a, b) => a + b);
        total.backward();
        return new LossReport(total.item<float>(), terms.ToDictionary(t => t.Name, t => (double)t.Value.item<float>()));
    }
}
