using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>Updates named parameters in place from their gradients.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>Applies one update at the given learning rate and counts the step.</summary>
    void Step(double learningRate);

    /// <summary>Makes up for updates that were put off; before then, parameters and moments are not to be read elsewhere.</summary>
    void CatchUp();

    /// <summary>Hears that parameters and moments were written to, as a checkpoint's are when it is restored.</summary>
    void Restored();

    /// <summary>Forgets the gradients.</summary>
    void ZeroGrad();

    /// <summary>Updates so far; set when a checkpoint is restored.</summary>
    long Steps { get; set; }

    /// <summary>
    /// The moments by name ("exp_avg.encoder...", "exp_avg_sq.encoder..."); live tensors, so copying into them restores a checkpoint.
    /// </summary>
    IReadOnlyDictionary<string, Tensor> State { get; }
}
