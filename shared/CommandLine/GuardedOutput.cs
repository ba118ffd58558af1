namespace Replication.CommandLine;

/// <summary>A stream that turns a failed write into an exception of one's choice.</summary>
/// <param name="stream">Where the bytes go.</param>
/// <param name="explain">The exception; null to let the failure pass.</param>
internal sealed class GuardedOutput(Stream stream, Func<Exception, Exception?> explain) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            stream.Write(buffer);
        }
        // A closed one is said to be not permitted.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (explain(e) is { } failure)
                throw failure;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
