using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.PatientKD;

/// <summary>What the student's training minimises: <see cref="PatientKdLoss"/> on its outputs and [CLS] states against the teacher's, which were computed once.</summary>
public sealed class PatientKdObjective : IObjective
{
    private readonly BertForSequenceClassification _student;
    private readonly TeacherOutputs _teacher;
    private readonly PatientKdLoss _loss;
    private readonly LayerMap? _map;
    private readonly long[] _teacherPositions;

    /// <summary>Creates the objective.</summary>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher's outputs for the training rows.</param>
    /// <param name="keptLayers">Teacher layers whose [CLS] states <paramref name="teacher"/> holds, in its order.</param>
    /// <param name="loss">Terms, weights and reductions.</param>
    /// <param name="map">Layers of the patience term; null for none.</param>
    /// <exception cref="ReplicationException">The map names a layer that the student lacks or that was not kept, or beta asks for a map.</exception>
    public PatientKdObjective(
        BertForSequenceClassification student, TeacherOutputs teacher, IReadOnlyList<int> keptLayers, PatientKdLoss loss, LayerMap? map)
    {
        (_student, _teacher, _loss, _map) = (student, teacher, loss.Validate(), map);
        if (map is null && loss.Beta > 0)
            throw new ReplicationException(FormattableString.Invariant($"beta is {loss.Beta}, but there is no layer map; name one, or set beta to 0."), ReplicationException.UsageError);
        map?.Validate(student.Config.NumHiddenLayers, keptLayers.Append(student.Config.NumHiddenLayers).Max());
        _teacherPositions = [.. (map?.Pairs ?? []).Select(pair => Position(keptLayers, pair.Teacher))];
    }

    private bool UsesPatience => _map is not null && _loss.Beta > 0;

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var output = _student.forward(batch.Tokens, UsesPatience ? EncoderOutputs.HiddenStates : EncoderOutputs.None);
        var terms = new Dictionary<string, double>();
        Tensor? total = null;
        foreach (var (name, weight, term) in Terms(output, batch))
        {
            terms[name] = term.item<float>();
            // A weight of exactly 1 is left out, so that fine-tuning is the same bits here and in FineTuneObjective.
            var weighted = weight == 1 ? term : term * weight;
            total = total is null ? weighted : total + weighted;
        }
        total!.backward();
        return new LossReport(total.item<float>(), terms);
    }

    // Terms of weight 0 are not computed.
    private IEnumerable<(string Name, double Weight, Tensor Term)> Terms(ClassifierOutput output, GlueBatch batch)
    {
        if (_loss.Alpha < 1)
            yield return ("L_CE", 1 - _loss.Alpha, _loss.HardLoss(output.Logits, batch.Labels));
        if (_loss.Alpha > 0)
            yield return ("L_DS", _loss.Alpha, _loss.Soft.Loss(output.Logits, _teacher.Logits(batch.Rows)));
        if (UsesPatience)
            yield return ("L_PT", _loss.Beta, _loss.Patience.Loss(StudentCls(output.Encoder), TeacherCls(batch.Rows)));
    }

    // [batch, layers, hidden]
    private Tensor StudentCls(EncoderOutput encoder) =>
        stack([.. _map!.Pairs.Select(pair => encoder.HiddenStates[pair.Student].select(1, 0))], 1);

    // [batch, layers, hidden]
    private Tensor TeacherCls(int[] rows)
    {
        var states = _teacher.ClsStates(rows);
        return states.index_select(1, tensor(_teacherPositions, device: states.device));
    }

    private static long Position(IReadOnlyList<int> kept, int layer)
    {
        for (var i = 0; i < kept.Count; i++)
        {
            if (kept[i] == layer)
                return i;
        }
        throw new ReplicationException($"The teacher's outputs hold no [CLS] states of layer {layer}, only of {string.Join(", ", kept)}; compute them with that layer.");
    }
}
