namespace Replication.Glue;

/// <summary>Finds and reads GLUE's data.</summary>
public sealed class GlueSource
{
    /// <summary>Reads a split.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <exception cref="ReplicationException">Missing (says what it would take) or malformed (file, line, column, what was expected).</exception>
    public GlueDataset Load(GlueTask task, GlueSplit split) => throw new NotImplementedException();
}
