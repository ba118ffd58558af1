using Replication.Bert;
using Replication.Runs;

namespace Replication.Papers;

/// <summary>A trained student that other papers' figures may show beside their own.</summary>
/// <param name="Method">How it was trained, in a few words, such as "PKD-Skip, 3 layers".</param>
/// <param name="Task">GLUE task by name.</param>
/// <param name="Teacher">The teacher's base model, by name.</param>
/// <param name="Geometry">The student's geometry from its teacher's.</param>
/// <param name="Runs">Its finished runs, a seed each, at least one.</param>
public sealed record TrainedStudent(string Method, string Task, string Teacher, Func<BertConfig, BertConfig> Geometry, IReadOnlyList<FinishedRun> Runs);
