using System.Collections.Concurrent;

namespace Replication.Tests.CommandLine;

/// <summary>Input that waits, as a terminal does, until the test types a line.</summary>
internal sealed class SlowReader : TextReader
{
    private readonly BlockingCollection<Func<string?>> _typed = [];

    /// <summary>Set once somebody has asked for a line.</summary>
    public ManualResetEventSlim Waits { get; } = new();

    /// <summary>Types a line; null for the end of input.</summary>
    public void Type(string? line) => _typed.Add(() => line);

    /// <summary>Makes a read fail.</summary>
    public void Fail() => _typed.Add(() => throw new IOException("Input/output error"));

    public override string? ReadLine()
    {
        Waits.Set();
        return _typed.Take()();
    }
}
