namespace Replication.Tests.CommandLine;

/// <summary>A stream that cannot be written.</summary>
/// <param name="failure">What a write throws.</param>
internal sealed class FailingOutput(Exception failure) : MemoryStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => throw failure;
}
