using Replication.Bert;
using Replication.Glue;
using Replication.Measurements;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.DynaBERT.Cost;

/// <summary>The steps whose cost is compared, on one network of random weights, one teacher and one batch.</summary>
internal sealed class StepSubjects : IDisposable
{
    private readonly BertForSequenceClassification _network;
    private readonly BertForSequenceClassification? _teacher;
    private readonly GlueBatch _batch;
    private readonly StepCostSpec _spec;

    /// <summary>Makes network, teacher and batch.</summary>
    /// <param name="config">The geometry.</param>
    /// <param name="spec">Batch, sub-networks, dropout.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="withTeacher">Whether there is a teacher, and so a step that distils.</param>
    public StepSubjects(BertConfig config, StepCostSpec spec, Device device, bool withTeacher = true)
    {
        _spec = spec;
        _network = Model(config, spec, device);
        _network.Dropout = new DropoutStream(0);
        _network.DropoutProbability = spec.Recipe.Dropout;
        _network.train();
        _teacher = withTeacher ? Model(config, spec, device) : null;
        var rows = Enumerable.Range(0, spec.Protocol.BatchSize).ToArray();
        _batch = new GlueBatch(
            SpeedMeasurement.RandomTokens(config.VocabSize, spec.Protocol, device), tensor(Array.ConvertAll(rows, row => row % 2L), device: device), rows);
    }

    /// <summary>The network that they train.</summary>
    public BertForSequenceClassification Network => _network;

    /// <summary>Computes the gradients of a step and, where there is an optimizer, takes it.</summary>
    /// <param name="step">Such as <see cref="StepCostSpec.Plain"/>.</param>
    /// <param name="optimizer">Of the network's parameters; null for none.</param>
    public void Run(string step, IOptimizer? optimizer = null)
    {
        foreach (var parameter in _network.parameters())
            parameter.grad = null;
        Objective(step).ForwardBackward(_batch);
        optimizer?.Step(_spec.Recipe.LearningRate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _teacher?.Dispose();
        _network.Dispose();
    }

    private IObjective Objective(string step)
    {
        _network.SubNetwork = null;
        return step switch
        {
            StepCostSpec.Plain => new FineTuneObjective(_network),
            StepCostSpec.Labels => new DynaBertObjective(_network, _spec.Parts(_network.Config), _spec.Rule, null, null),
            _ => new DynaBertObjective(
                _network, _spec.Parts(_network.Config), _spec.Rule, DistillationLoss.WidthAndDepth, new DistillationTeacher(_teacher!, _spec.TeacherWidth)),
        };
    }

    private static BertForSequenceClassification Model(BertConfig config, StepCostSpec spec, Device device)
    {
        var model = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Precision = spec.Protocol.Precision };
        model.to(device);
        return model;
    }
}
