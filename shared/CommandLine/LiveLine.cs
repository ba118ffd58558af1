namespace Replication.CommandLine;

/// <summary>The last line of a terminal, drawn again and again; whatever else is written there erases it first.</summary>
/// <param name="screen">The terminal.</param>
internal sealed class LiveLine(TextWriter screen)
{
    // To the line's start, and nothing left on it: a shorter text would otherwise be followed by the end of a longer one.
    private const string EraseLine = "\r\u001b[2K";

    private readonly Lock _lock = new();
    private bool _isDrawn;

    /// <summary>Draws a text that fits into one line.</summary>
    public void Draw(string text)
    {
        lock (_lock)
        {
            screen.Write(EraseLine + text);
            screen.Flush();
            _isDrawn = true;
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Erase() => Without(() => { });

    /// <summary>Takes the line away and writes something in its place.</summary>
    public void Without(Action write)
    {
        lock (_lock)
        {
            if (_isDrawn)
                screen.Write(EraseLine);
            _isDrawn = false;
            write();
        }
    }
}
