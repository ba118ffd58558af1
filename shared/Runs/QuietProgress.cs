namespace Replication.Runs;

/// <summary>Progress that is not shown.</summary>
public sealed class QuietProgress : IRunProgress
{
    /// <inheritdoc/>
    public void Begin(string label, long total, long done, string unit)
    {
    }

    /// <inheritdoc/>
    public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
    {
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
    }

    /// <inheritdoc/>
    public void End()
    {
    }
}
