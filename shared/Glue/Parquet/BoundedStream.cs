namespace Replication.Glue;

/// <summary>
/// A file that ends where it is told to, with an exception: Parquet.Net takes the end of a stream for data, and may read on for ever.
/// </summary>
internal sealed class BoundedStream(FileStream file) : Stream
{
    /// <summary>The first byte that may not be read.</summary>
    public long Bound { get; set; } = file.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        var left = Bound - file.Position;
        return left > 0
            ? file.Read(buffer.Length > left ? buffer[..(int)left] : buffer)
            : throw new EndOfStreamException("its data end too soon");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // What is read is in memory or nearly so; the base class would hand each read to another thread.
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
