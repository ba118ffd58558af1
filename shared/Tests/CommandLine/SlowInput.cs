using System.Collections.Concurrent;
using System.Text;

namespace Replication.Tests.CommandLine;

/// <summary>Input that waits, as a terminal does, until the test types a line.</summary>
internal sealed class SlowInput : Stream
{
    private readonly BlockingCollection<Func<string?>> _typed = [];

    /// <summary>Set once somebody has asked for a line.</summary>
    public ManualResetEventSlim Waits { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Types a line; null for the end of input.</summary>
    public void Type(string? line) => _typed.Add(() => line);

    /// <summary>Makes a read fail.</summary>
    public void Fail() => _typed.Add(() => throw new IOException("Input/output error"));

    public override int Read(byte[] buffer, int offset, int count)
    {
        Waits.Set();
        return _typed.Take()() is { } line ? Encoding.UTF8.GetBytes(line + "\n", buffer.AsSpan(offset, count)) : 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
