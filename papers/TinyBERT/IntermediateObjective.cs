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
    private readonly StepTeacher _teacher;
    private readonly Projections _projections;
    private readonly TransformerLoss _loss;

    /// <summary>Creates the objective; the teacher is put into the mode and number format that it teaches in.</summary>
    public IntermediateObjective(
        BertForSequenceClassification student, BertForSequenceClassification teacher, Projections projections, TransformerDistillation method, Precision precision, long seed)
    {
        (_student, _projections) = (student, projections);
        _loss = new TransformerLoss(method, student.Config, teacher.Config, projections);
        _teacher = new StepTeacher(teacher, method.TeacherDropout, precision, seed);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Value)> Parameters => _projections.Parameters;

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var taught = _teacher.Of(batch, teacher => teacher.Encoder.call(batch.Tokens, _loss.Request));
        var terms = _loss.Of(_student.Encoder.call(batch.Tokens, _loss.Request), taught, batch.Tokens.AttentionMask);
        var total = terms.Select(t => t.Value).Aggregate((a, b) => a + b);
        total.backward();
        return new LossReport(total.item<float>(), terms.ToDictionary(t => t.Name, t => (double)t.Value.item<float>()));
    }
}
