namespace Replication.PatientKD;

/// <summary>
/// The points of a search in the paper's two steps: learning rate, alpha and T of plain distillation; then, with that alpha
/// and T, learning rate and beta of Patient-KD.
/// </summary>
/// <param name="Name">How reports name the grid.</param>
/// <param name="LearningRates">Peak learning rates of both steps.</param>
/// <param name="SoftTargets">alpha with T.</param>
/// <param name="Betas">Weights of the patience term.</param>
public sealed record Grid(
    string Name, IReadOnlyList<double> LearningRates, IReadOnlyList<(double Alpha, double Temperature)> SoftTargets, IReadOnlyList<double> Betas)
{
    /// <summary>The paper's: 3 rates, 9 pairs of alpha and T, 4 betas.</summary>
    public static Grid Paper { get; } = new(
        "the paper's grid",
        [5e-5, 2e-5, 1e-5],
        [.. from temperature in (double[])[5, 10, 20] from alpha in (double[])[0.2, 0.5, 0.7] select (alpha, temperature)],
        [10, 100, 500, 1000]);

    /// <summary>
    /// Five runs a task: the diagonal of the paper's alpha and T, then beta a power of ten apart around the values that the
    /// authors' best runs have most often; one learning rate.
    /// </summary>
    public static Grid Diagonal { get; } = new("the diagonal grid", [5e-5], [(0.2, 5), (0.5, 10), (0.7, 20)], [100, 1000]);

    /// <summary>No search: the values of the authors' best BERT6-PKD-Skip run on SST-2, for plain distillation and all maps alike.</summary>
    public static Grid AuthorsSst2 { get; } = new("the authors' SST-2 values", [5e-5], [(0.5, 10)], [100]);
}
