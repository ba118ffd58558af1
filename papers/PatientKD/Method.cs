using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.PatientKD;

/// <summary>
/// What a student minimises (section 3):
/// <code>
/// L_KD  = (1 - alpha) L_CE + alpha L_DS     plain distillation (section 3.1)
/// L_PKD = L_KD + beta L_PT                  Patient-KD (section 3.2)
/// </code>
/// With alpha = beta = 0 it is fine-tuning. Where paper and authors' code differ there is a switch, and the presets name the combinations.
/// </summary>
public sealed record PatientKdLoss
{
    /// <summary>alpha, the weight of the teacher's outputs against the labels', from 0 to 1.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>beta, the weight of the patience term, at least 0.</summary>
    public double Beta { get; init; }

    /// <summary>L_DS with its temperature T.</summary>
    public SoftTargets Soft { get; init; } = OfficialSoft;

    /// <summary>Reduction of L_CE: a sum in the paper's formula, a batch mean in the code.</summary>
    public Reduction Hard { get; init; } = Reduction.BatchMean;

    /// <summary>L_PT.</summary>
    public PatienceLoss Patience { get; init; } = new();

    /// <summary>The formulas as printed: sums over samples, layers and classes, no T squared, unit-length [CLS] states.</summary>
    public static PatientKdLoss Paper { get; } = new()
    {
        Soft = new SoftTargets { Temperature = 10, Divergence = SoftDivergence.CrossEntropy, Reduction = Reduction.Sum },
        Hard = Reduction.Sum,
        Patience = new PatienceLoss { Reduction = Reduction.Sum, Normalise = true },
    };

    /// <summary>The authors' program by default: means throughout, the divergence times T squared, [CLS] states as they are.</summary>
    public static PatientKdLoss OfficialCode { get; } = new() { Patience = new PatienceLoss { Normalise = false } };

    /// <summary>
    /// What is used unless asked otherwise: the reductions of the authors' code, since the published alpha, T and beta were
    /// found with them, and the paper's unit-length states.
    /// </summary>
    public static PatientKdLoss Default { get; } = new();

    /// <summary>
    /// The recipe of an independent PyTorch run that this code is checked against: as <see cref="Default"/>, but the
    /// divergence is summed over classes; alpha 0.5, T 10, beta 100.
    /// </summary>
    public static PatientKdLoss Reference { get; } = new()
    {
        Alpha = 0.5, Beta = 100, Soft = OfficialSoft with { Reduction = Reduction.BatchMean },
    };

    private static SoftTargets OfficialSoft => new()
    {
        Temperature = 10, Divergence = SoftDivergence.KullbackLeibler, Reduction = Reduction.ElementMean, TimesTemperatureSquared = true,
    };

    /// <summary>L_CE: cross-entropy for class labels, squared error for scores.</summary>
    /// <param name="logits">[batch, classes], or [batch, 1] for regression.</param>
    /// <param name="labels">int64 [batch], or float32 [batch] for regression.</param>
    public Tensor HardLoss(Tensor logits, Tensor labels)
    {
        var mean = FineTuneObjective.HardLoss(logits, labels);
        return Hard == Reduction.Sum ? mean * logits.shape[0] : mean;
    }

    /// <summary>Checks weights and temperature.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public PatientKdLoss Validate()
    {
        if (Alpha is not (>= 0 and <= 1))
            throw Refused(FormattableString.Invariant($"alpha is {Alpha}; it must lie between 0 and 1."));
        if (Beta is not (>= 0 and <= 1e6))
            throw Refused(FormattableString.Invariant($"beta is {Beta}; it must lie between 0 and 1000000."));
        Soft.Validate();
        return this;
    }

    internal static ReplicationException Refused(string sentence) => new(sentence, ReplicationException.UsageError);
}

/// <summary>
/// L_PT, the paper's new term (section 3.2): the squared distance between the [CLS] states of student layer j and teacher layer I_pt(j).
/// <code>L_PT = sum_i sum_j || h^s_ij / |h^s_ij| - h^t_iI(j) / |h^t_iI(j)| ||^2</code>
/// </summary>
public sealed record PatienceLoss
{
    /// <summary>
    /// Over samples, layers and units: <see cref="Reduction.Sum"/> is the formula above, <see cref="Reduction.ElementMean"/>
    /// the authors' code. At BERT6 they differ by batch x 5 x 768.
    /// </summary>
    public Reduction Reduction { get; init; } = Reduction.ElementMean;

    /// <summary>
    /// Divides each state by its L2 norm, as the formula does; an option of the authors' code, searched like a hyper-parameter there.
    /// </summary>
    public bool Normalise { get; init; } = true;

    /// <summary>The loss, a scalar.</summary>
    /// <param name="student">[CLS] states of the mapped student layers, [batch, layers, hidden].</param>
    /// <param name="teacher">[CLS] states of the teacher layers they learn from, [batch, layers, hidden]; no gradient flows into
    /// them.</param>
    /// <exception cref="ReplicationException">The two differ in shape: the term needs a student as wide as its teacher.</exception>
    public Tensor Loss(Tensor student, Tensor teacher)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student's [CLS] states are [{string.Join(", ", student.shape)}] and its teacher's "
                    + $"[{string.Join(", ", teacher.shape)}]; the patience loss needs a student as wide as its teacher.");
        using var scope = NewDisposeScope();
        var target = teacher.detach();
        var difference = Normalise ? UnitLength(student) - UnitLength(target) : student - target;
        return Reduction.Apply(difference.square()).MoveToOuterDisposeScope();
    }

    private static Tensor UnitLength(Tensor states) => nn.functional.normalize(states, p: 2, dim: -1);
}

/// <summary>
/// I_pt, the teacher layer of each student layer (section 3.2). The student's last layer is left out, as the teacher's
/// outputs already lead it; so M layers have M - 1 pairs. Layers count from 1.
/// </summary>
public static class PatientLayerMaps
{
    /// <summary>
    /// PKD-Skip, every N/M-th layer: 12 to 6 gives 2 4 6 8 10; 24 to 6 gives 4 8 12 16 20; 6 to 3 gives 2 4. For 12 to 3 the paper says
    /// Skip while the authors' script takes 10 and 11, so the rule's 4 8 is named "PKD-Skip (ours)".
    /// </summary>
    /// <exception cref="ReplicationException">The student is not shallower than the teacher, or has no layer to map.</exception>
    public static LayerMap Skip(int teacherLayers, int studentLayers)
    {
        var name = (teacherLayers, studentLayers) == (12, 3) ? "PKD-Skip (ours)" : "PKD-Skip";
        return Map(name, teacherLayers, studentLayers, j => j * teacherLayers / studentLayers);
    }

    /// <summary>PKD-Last, the M - 1 layers before the last: 12 to 6 gives 7 8 9 10 11; 12 to 3 gives 10 11, as in the script.</summary>
    /// <inheritdoc cref="Skip" path="/exception"/>
    public static LayerMap Last(int teacherLayers, int studentLayers) =>
        Map("PKD-Last", teacherLayers, studentLayers, j => teacherLayers - studentLayers + j);

    /// <summary>The authors' scripts, for students of 3 layers in no paper: 10 11 of 12, and 8 16 of 24.</summary>
    /// <exception cref="ReplicationException">The scripts have no such pair of depths.</exception>
    public static LayerMap Script(int teacherLayers, int studentLayers) => (teacherLayers, studentLayers) switch
    {
        (12, 3) => Map("PKD (script)", 12, 3, j => 9 + j),
        (24, 3) => Map("PKD (script)", 24, 3, j => 8 * j),
        (12, 6) or (24, 6) => Skip(teacherLayers, studentLayers),
        _ => throw PatientKdLoss.Refused(
            $"The authors' scripts name no layers for a teacher of {teacherLayers} and a student of {studentLayers}; use PKD-Skip or "
                + "PKD-Last."),
    };

    private static LayerMap Map(string name, int teacherLayers, int studentLayers, Func<int, int> teacherLayer)
    {
        if (studentLayers < 2)
            throw PatientKdLoss.Refused(
                $"A student of {studentLayers} layer has none to map, since its last is left out; it needs at least 2.");
        var map = new LayerMap(name, [.. Enumerable.Range(1, studentLayers - 1).Select(j => new LayerPair(j, teacherLayer(j)))]);
        map.Validate(studentLayers, teacherLayers);
        return map;
    }
}

/// <summary><see cref="PatientKdLoss"/> on a student's outputs and [CLS] states against its teacher's, which were computed once.</summary>
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
    /// <exception cref="ReplicationException">The map names a layer that the student lacks or that was not kept, or beta asks for a
    /// map.</exception>
    public PatientKdObjective(
        BertForSequenceClassification student, TeacherOutputs teacher, IReadOnlyList<int> keptLayers, PatientKdLoss loss, LayerMap? map)
    {
        (_student, _teacher, _loss, _map) = (student, teacher, loss.Validate(), map);
        if (map is null && loss.Beta > 0)
            throw PatientKdLoss.Refused(FormattableString.Invariant(
                $"beta is {loss.Beta}, but there is no layer map; name one, or set beta to 0."));
        map?.Validate(student.Config.NumHiddenLayers, keptLayers.Append(student.Config.NumHiddenLayers).Max());
        var kept = keptLayers.ToList();
        _teacherPositions = [.. (map?.Pairs ?? []).Select(pair => (long)kept.IndexOf(pair.Teacher))];
        if (Array.IndexOf(_teacherPositions, -1) is var missing and >= 0)
            throw new ReplicationException(
                $"The teacher's outputs hold no [CLS] states of layer {map!.Pairs[missing].Teacher}, only of {string.Join(", ", kept)}; "
                    + "compute them with that layer.");
    }

    private bool UsesPatience => _map is not null && _loss.Beta > 0;

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var output = _student.forward(batch.Tokens, UsesPatience ? EncoderOutputs.HiddenStates : EncoderOutputs.None);
        // Sums over samples add up as they are.
        return WeightedTerms.Backward(_loss.Hard == Reduction.Sum ? 1 : batch.Share, Terms(output, batch));
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
}
