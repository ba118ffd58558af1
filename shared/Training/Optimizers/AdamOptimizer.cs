using System.Runtime.InteropServices;
using Replication.Bert;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// What AdamW and BertAdam share: the two moments, decoupled weight decay on some parameters, and the fused kernel.
/// A parameter without a gradient is left alone, its moments too.
/// </summary>
public abstract class AdamOptimizer : IOptimizer
{
    private readonly List<Slot> _slots = [];
    private readonly SortedDictionary<string, Tensor> _state = new(StringComparer.Ordinal);
    private readonly AdamSettings _settings;
    private readonly double _weightDecay;
    private readonly bool _fused;
    private readonly WordRows? _words;
    private readonly Slot? _table;
    private readonly RowUpdates? _rows;

    /// <summary>Creates fresh moments beside the parameters.</summary>
    /// <param name="recipe">Betas, epsilon and weight decay.</param>
    /// <param name="parameters">Named parameters; frozen ones are left out.</param>
    /// <param name="fused">Whether to use libtorch's fused kernel; null: where the device has one.</param>
    /// <param name="words">Holds the gradient of one of them by rows; null for none.</param>
    private protected AdamOptimizer(
        TrainingRecipe recipe, IEnumerable<(string Name, Parameter Value)> parameters, bool? fused, WordRows? words = null)
    {
        _settings = new AdamSettings(recipe.Beta1, recipe.Beta2, recipe.Epsilon);
        _weightDecay = recipe.WeightDecay;
        foreach (var (name, parameter) in parameters.Where(p => p.Value.requires_grad))
            _slots.Add(new Slot(
                parameter,
                Optimizers.Decays(name),
                Remember("exp_avg." + name, zeros_like(parameter, requires_grad: false)),
                Remember("exp_avg_sq." + name, zeros_like(parameter, requires_grad: false)),
                CreateStepCount(name, parameter.device)));
        _fused = fused ?? (_slots.Count > 0 && HasFusedKernel(_slots[0].Parameter.device));
        if (words is not null && !_fused)
            throw new ArgumentException("Rows need the fused kernel.", nameof(words));
        if (words is null || _slots.FirstOrDefault(slot => words.IsTable(slot.Parameter)) is not { } table)
            return;
        (_words, _table) = (words, table);
        _rows = new RowUpdates(
            words, table.FirstMoment, table.SecondMoment, table.Steps, _settings, table.Decays ? _weightDecay : 0);
        words.Reading = _rows.CatchUp;
    }

    private sealed record Slot(Parameter Parameter, bool Decays, Tensor FirstMoment, Tensor SecondMoment, Tensor Steps);

    /// <inheritdoc/>
    public long Steps { get; set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        bool IsTable(Slot slot) => ReferenceEquals(slot, _table);
        var withGradient = _slots.Select(s => (Slot: s, Gradient: IsTable(s) ? _words!.Gradient : s.Parameter.grad))
            .Where(s => s.Gradient is not null).ToArray();
        if (withGradient.Length > 0)
            BeforeUpdate(
                [.. withGradient.Select(s => s.Gradient!)], [.. withGradient.Select(s => s.Slot.Steps)],
                [.. withGradient.Select(s => s.Slot.Decays)]);
        foreach (var group in withGradient.Where(s => !IsTable(s.Slot)).GroupBy(s => s.Slot.Decays))
        {
            var lists = new AdamLists(
                [.. group.Select(s => s.Slot.Parameter)],
                [.. group.Select(s => s.Gradient!)],
                [.. group.Select(s => s.Slot.FirstMoment)],
                [.. group.Select(s => s.Slot.SecondMoment)],
                [.. group.Select(s => s.Slot.Steps)]);
            TensorListScript.AdamW(lists, learningRate, _settings, group.Key ? _weightDecay : 0, _fused);
        }
        if (withGradient.FirstOrDefault(s => IsTable(s.Slot)).Gradient is { } ofRows)
            _rows!.Step(ofRows, learningRate);
        Steps++;
    }

    /// <inheritdoc/>
    public void CatchUp() => _rows?.CatchUp();

    /// <inheritdoc/>
    public void Restored() => _rows?.Restart();

    /// <inheritdoc/>
    public void ZeroGrad()
    {
        foreach (var slot in _slots)
            slot.Parameter.grad = null;
        _words?.Forget();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows?.Dispose();
        foreach (var slot in _slots)
        {
            slot.FirstMoment.Dispose();
            slot.SecondMoment.Dispose();
            slot.Steps.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>The step count of a parameter as the kernel wants it: a float32 scalar.</summary>
    private protected abstract Tensor CreateStepCount(string name, Device device);

    /// <summary>Prepares gradients and step counts of the parameters that are about to be updated, and which of them decay.</summary>
    private protected abstract void BeforeUpdate(Tensor[] gradients, Tensor[] steps, bool[] decays);

    /// <summary>Makes a tensor part of the checkpointed state.</summary>
    private protected Tensor Remember(string name, Tensor tensor)
    {
        _state.Add(name, tensor.DetachFromDisposeScope());
        return tensor;
    }

    // libtorch has the kernel for CPU, CUDA and newer MPS; asking it is surer than a list.
    private static bool HasFusedKernel(Device device)
    {
        using var scope = NewDisposeScope();
        try
        {
            Tensor[] One() => [zeros(1, device: device)];
            TensorListScript.AdamW(
                new AdamLists(One(), One(), One(), One(), [ones([], device: device)]), 1e-3, new AdamSettings(0.9, 0.999, 1e-8), 0,
                fused: true);
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }
}
