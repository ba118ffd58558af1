using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.DynaBERT;

/// <summary>
/// One step over all sub-networks: each is run and its loss propagated back before the next one, the gradients adding up in the
/// weights that they share; the sum is not divided by their number. What they have in common is done once: <see cref="SubNetworkStep"/>.
/// Terms are sums over the sub-networks.
/// </summary>
public sealed class DynaBertObjective : IObjective
{
    private readonly BertForSequenceClassification _student;
    private readonly IReadOnlyList<SubNetwork> _parts;
    private readonly DepthRule _rule;
    private readonly DistillationLoss? _loss;
    private readonly DistillationTeacher? _teacher;

    /// <summary>Creates the objective. Between steps the student stands at the first sub-network, which is what an evaluation then measures.</summary>
    /// <param name="student">The network.</param>
    /// <param name="parts">Its sub-networks, the largest first.</param>
    /// <param name="rule">How they were cut.</param>
    /// <param name="loss">Distillation; null to learn from the labels alone.</param>
    /// <param name="teacher">The teacher; null without distillation.</param>
    public DynaBertObjective(
        BertForSequenceClassification student, IReadOnlyList<SubNetwork> parts, DepthRule rule, DistillationLoss? loss, DistillationTeacher? teacher)
    {
        if (parts.Count == 0)
            throw new ArgumentException("There is no sub-network to train.", nameof(parts));
        if (loss is null != teacher is null)
            throw new ArgumentException("A distillation loss needs a teacher, and a teacher a distillation loss.", nameof(teacher));
        (_student, _parts, _rule, _loss, _teacher) = (student, parts, rule, loss?.Validate(), teacher);
        _student.SubNetwork = parts[0];
    }

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        var terms = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var total = 0.0;
        // Of the teacher's states only those of one width are in memory at a time.
        using var step = new SubNetworkStep(_student, batch.Tokens);
        foreach (var taughtAlike in _parts.GroupBy(part => _teacher?.WidthFor(part) ?? 1))
        {
            using var scope = NewDisposeScope();
            var taught = _teacher?.Run(batch.Tokens, taughtAlike.Key);
            foreach (var width in taughtAlike.GroupBy(part => part.Width))
            {
                foreach (var part in width)
                    total += OfPart(part, batch, taught, terms);
                step.CollectSlices();
            }
        }
        step.Finish();
        _student.SubNetwork = _parts[0];
        return new LossReport(total, terms);
    }

    private double OfPart(SubNetwork part, GlueBatch batch, ClassifierOutput? taught, IDictionary<string, double> terms)
    {
        using var scope = NewDisposeScope();
        _student.SubNetwork = part;
        var output = _student.forward(batch.Tokens, _loss is { Lambda2: > 0 } ? EncoderOutputs.HiddenStates : EncoderOutputs.None);
        Tensor? total = null;
        foreach (var (name, weight, term) in Terms(part, output, taught, batch))
        {
            terms[name] = (terms.TryGetValue(name, out var sum) ? sum : 0) + term.item<float>();
            var weighted = weight == 1 ? term : term * weight;
            total = total is null ? weighted : total + weighted;
        }
        total!.backward();
        return total.item<float>();
    }

    // Terms of weight 0 are not computed.
    private IEnumerable<(string Name, double Weight, Tensor Term)> Terms(SubNetwork part, ClassifierOutput output, ClassifierOutput? taught, GlueBatch batch)
    {
        if (_loss is null)
        {
            yield return ("L_CE", 1, FineTuneObjective.HardLoss(output.Logits, batch.Labels));
            yield break;
        }
        if (_loss.Lambda1 > 0 && _loss.Prediction(output.Logits, taught!.Logits) is { } prediction)
            yield return ("l_pred", _loss.Lambda1, prediction);
        if (_loss.Lambda2 > 0)
            yield return ("l_hidn", _loss.Lambda2, DistillationLoss.Hidden(output.Encoder.HiddenStates, _teacher!.Matched(taught!, part, _rule)));
    }
}
