using Replication.Bert;
using Replication.Runs;
using Replication.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>Training steps of a classifier as the training loop does them, outside a run: gradients, clipping, update.</summary>
internal sealed class TimedTraining : IDisposable
{
    private readonly BertForSequenceClassification _model;
    private readonly IObjective _objective;
    private readonly TimedRows _rows;
    private readonly Device _device;
    private readonly TrainingRecipe _recipe = TimedRows.Recipe;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly WordRows? _words;
    private readonly IOptimizer _optimizer;
    private long _step;

    /// <summary>Prepares a model; it is owned.</summary>
    /// <param name="workspace">Where it computes.</param>
    /// <param name="model">The model.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="rows">What it is trained on.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    public TimedTraining(
        Workspace workspace, BertForSequenceClassification model, IObjective objective, TimedRows rows,
        Precision precision = Precision.Fp32)
    {
        (_model, _objective, _rows, _device) = (model, objective, rows, workspace.Device);
        model.to(_device);
        (model.Dropout, model.DropoutProbability, model.Precision) = (new DropoutStream(1), _recipe.Dropout, precision);
        model.train();
        IReadOnlyList<(string, Parameter Value)> parameters =
            [.. model.named_parameters(), .. (objective as IObjectiveWithParameters)?.Parameters ?? []];
        _parameters = [.. parameters.Select(parameter => parameter.Value)];
        _words = WordRows.For(model.Encoder, _device);
        _optimizer = Optimizers.Create(_recipe, parameters, _words);
    }

    /// <summary>A step on each batch.</summary>
    public void Run()
    {
        for (var batch = 0; batch < _rows.Batches.Count; batch++)
            Step(batch);
    }

    /// <summary>A step on one batch.</summary>
    public void Step(int batch)
    {
        Gradients(batch);
        Clip();
        Update();
    }

    /// <summary>Leaves the gradients of a batch in the parameters.</summary>
    public void Gradients(int batch)
    {
        using var scope = NewDisposeScope();
        _optimizer.ZeroGrad();
        _model.Dropout!.BeginStep(_step++);
        using var tensors = _rows.Collate(batch, _device);
        _objective.ForwardBackward(tensors);
    }

    /// <summary>Clips them.</summary>
    public void Clip() => GradientClipping.ClipTotalNorm(_parameters, _recipe.MaxGradNorm ?? double.PositiveInfinity, _words);

    /// <summary>Updates the parameters.</summary>
    public void Update() => _optimizer.Step(_recipe.LearningRate);

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _words?.Dispose();
        _model.Dispose();
    }
}
