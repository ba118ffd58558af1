namespace Replication.Training;

/// <summary>
/// How good a model is at an evaluation, higher being better; decides which weights <see cref="TrainingRecipe.KeepsBest"/> keeps.
/// </summary>
/// <param name="scores">Scores by split and metric; null where a metric is undefined.</param>
/// <param name="cancellation">Stops what is measured besides, such as other widths of the model.</param>
public delegate double EvaluationScore(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, CancellationToken cancellation);
