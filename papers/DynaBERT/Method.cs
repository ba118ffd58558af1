using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.DynaBERT;

/// <summary>
/// Importance (section 2.1) on the dev set with its labels, as the paper measures it, and what a report shows of it. By it the network
/// is rewired, so that a narrow sub-network keeps the heads and neurons that matter most: <see cref="Rewiring"/>.
/// </summary>
internal static class DevImportance
{
    /// <summary>Groups of neighbouring neurons that the samples sum up.</summary>
    public const int NeuronGroups = 32;

    /// <summary>Name of the samples that hold a layer's head importance, in the order before the rewiring.</summary>
    /// <param name="layer">The layer, counted from 1.</param>
    public static string HeadsName(int layer) => FormattableString.Invariant($"head importance, layer {layer:00}");

    /// <summary>Name of the samples that hold a layer's neuron importance, summed over groups of neighbours from left to right.</summary>
    /// <param name="layer">The layer, counted from 1.</param>
    /// <param name="rewired">Whether in the order after the rewiring.</param>
    public static string NeuronsName(int layer, bool rewired) =>
        FormattableString.Invariant($"neuron importance, layer {layer:00}, {(rewired ? "after" : "before")}");

    /// <summary>Measures it.</summary>
    /// <param name="model">The full network, on the device.</param>
    /// <param name="data">The task's dev sets are used.</param>
    /// <param name="gradients">The paper's form or the authors'.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static Importance Measure(
        BertForSequenceClassification model, TaskData data, ImportanceGradients gradients, Device device, CancellationToken cancellation)
    {
        using var meter = new ImportanceMeter(model, gradients);
        foreach (var (_, rows) in data.Evaluations)
        {
            foreach (var numbers in Enumerable.Range(0, rows.Examples.Count).Chunk(Recipes.ImportanceBatch(gradients)))
            {
                cancellation.ThrowIfCancellationRequested();
                using var batch = GlueBatch.Collate(rows, numbers, device);
                meter.Add(() => FineTuneObjective.HardLoss(model.forward(batch.Tokens, EncoderOutputs.None).Logits, batch.Labels));
            }
        }
        return meter.Result();
    }

    /// <summary>
    /// What a result keeps of it. The rewired network computes what it did, so that importance moves with the heads and neurons
    /// and need not be measured again.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double>> Samples(Importance importance)
    {
        var samples = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach (var (index, heads) in importance.Heads.Index())
            samples[HeadsName(index + 1)] = [.. heads.Select(value => (double)value)];
        foreach (var (index, neurons) in importance.Neurons.Index())
        {
            samples[NeuronsName(index + 1, rewired: false)] = Grouped(neurons);
            samples[NeuronsName(index + 1, rewired: true)] = Grouped([.. Rewiring.Order(neurons).Select(position => neurons[position])]);
        }
        return samples;
    }

    // Groups of equal size, give or take one; fewer where there are fewer neurons.
    private static double[] Grouped(float[] values)
    {
        var groups = Math.Min(NeuronGroups, values.Length);
        var sums = new double[groups];
        foreach (var (index, value) in values.Index())
            sums[(int)((long)index * groups / values.Length)] += value;
        return sums;
    }
}

/// <summary>
/// What a sub-network of width m_w and depth m_d learns from its teacher (section 2.2):
/// <code>L = lambda_1 l_pred(y, y') + lambda_2 (l_emb(E, E') + l_hidn(H, H'))</code>
/// l_pred: soft cross-entropy of the logits at temperature 1, the mean over the batch. l_emb and l_hidn: mean squared error of
/// the embedding output and of each kept layer's output, a mean over all elements (padding included), summed over the states.
/// </summary>
public sealed record DistillationLoss
{
    private static readonly SoftTargets Soft = new()
    {
        Temperature = 1, Divergence = SoftDivergence.CrossEntropy, Reduction = Reduction.BatchMean,
    };

    /// <summary>lambda_1.</summary>
    public double Lambda1 { get; init; } = 1;

    /// <summary>lambda_2.</summary>
    public double Lambda2 { get; init; } = 1;

    /// <summary>
    /// Whether l_pred counts for a regression task (STS-B), as the squared distance of the outputs. The authors' code sets it
    /// to 0 there: only hidden states are matched, and the head learns nothing before the final fine-tuning.
    /// </summary>
    public bool MatchesScores { get; init; } = true;

    /// <summary>Stage 1, DynaBERT_W: lambda_1 = 1, lambda_2 = 0.1.</summary>
    public static DistillationLoss Width { get; } = new() { Lambda2 = 0.1 };

    /// <summary>Stage 2, DynaBERT: lambda_1 = lambda_2 = 1.</summary>
    public static DistillationLoss WidthAndDepth { get; } = new();

    /// <summary>l_pred; null where the switch leaves it out.</summary>
    /// <param name="student">[batch, classes], or [batch, 1] for regression.</param>
    /// <param name="teacher">The same of the teacher; no gradient flows into it.</param>
    public Tensor? Prediction(Tensor student, Tensor teacher) =>
        student.shape[^1] == 1 && !MatchesScores ? null : Soft.Loss(student, teacher);

    /// <summary>l_emb + l_hidn.</summary>
    /// <param name="student">Embedding output, then each kept layer's output, [batch, length, hidden].</param>
    /// <param name="teacher">The states that they are matched with, as many.</param>
    public static Tensor Hidden(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher)
    {
        if (student.Count != teacher.Count)
            throw new ArgumentException($"{student.Count} states of the student where the teacher has {teacher.Count}.", nameof(teacher));
        using var scope = NewDisposeScope();
        var sum = student.Zip(teacher, (s, t) => nn.functional.mse_loss(s, t.detach())).Aggregate((a, b) => a + b);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Checks the weights.</summary>
    /// <exception cref="ReplicationException">One is out of its range, or both are 0; the message names it.</exception>
    public DistillationLoss Validate()
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, double)>)[("lambda_1", Lambda1), ("lambda_2", Lambda2)])
        {
            if (value is not (>= 0 and <= 1e6))
                throw new ReplicationException(
                    FormattableString.Invariant($"{name} is {value}; it must lie between 0 and 1000000."), ReplicationException.UsageError);
        }
        return Lambda1 + Lambda2 > 0 ? this
            : throw new ReplicationException("lambda_1 and lambda_2 are both 0; one must be above 0.", ReplicationException.UsageError);
    }
}

/// <summary>Which width of the teacher a sub-network learns from.</summary>
public enum TeacherWidth
{
    /// <summary>The paper's stage 2: the fixed DynaBERT_W at the student's own width.</summary>
    SameAsStudent,

    /// <summary>The whole teacher: stage 1, and stage 2 of the authors' code, which forgets to set the teacher's width.</summary>
    Full,
}

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
    public IReadOnlyList<Tensor> Matched(ClassifierOutput output, SubNetwork student, DepthRule rule) => [..
        KeptLayers.MatchedStates(model.Config.NumHiddenLayers, student.Depth, rule).Select(layer => output.Encoder.HiddenStates[layer])];
}

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

    /// <summary>Between steps the student is set to the first sub-network, which is what an evaluation then measures.</summary>
    /// <param name="student">The network.</param>
    /// <param name="parts">Its sub-networks, the largest first.</param>
    /// <param name="rule">How they were cut.</param>
    /// <param name="loss">Distillation; null to learn from the labels alone.</param>
    /// <param name="teacher">The teacher; null without distillation.</param>
    public DynaBertObjective(
        BertForSequenceClassification student, IReadOnlyList<SubNetwork> parts, DepthRule rule,
        DistillationLoss? loss, DistillationTeacher? teacher)
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
        var report = WeightedTerms.Backward(batch.Share, Terms(part, output, taught, batch));
        foreach (var (name, value) in report.Terms)
            terms[name] = (terms.TryGetValue(name, out var sum) ? sum : 0) + value;
        return report.Total;
    }

    // Terms of weight 0 are not computed.
    private IEnumerable<(string Name, double Weight, Tensor Term)> Terms(
        SubNetwork part, ClassifierOutput output, ClassifierOutput? taught, GlueBatch batch)
    {
        if (_loss is null)
        {
            yield return ("L_CE", 1, FineTuneObjective.HardLoss(output.Logits, batch.Labels));
            yield break;
        }
        if (_loss.Lambda1 > 0 && _loss.Prediction(output.Logits, taught!.Logits) is { } prediction)
            yield return ("l_pred", _loss.Lambda1, prediction);
        if (_loss.Lambda2 <= 0)
            yield break;
        var states = _teacher!.Matched(taught!, part, _rule);
        yield return ("l_hidn", _loss.Lambda2, DistillationLoss.Hidden(output.Encoder.HiddenStates, states));
    }
}
