using System.IO.MemoryMappedFiles;

namespace Replication.Corpus;

/// <summary>A file of numbers that is read where it is touched, so that its size does not matter.</summary>
internal sealed class MappedNumbers<T> : IDisposable
    where T : unmanaged
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    public unsafe MappedNumbers(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Count = stream.Length / sizeof(T);
        // A file of no bytes cannot be mapped.
        if (Count == 0)
            return;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>How many numbers there are.</summary>
    public long Count { get; }

    /// <summary>Copies numbers out.</summary>
    public unsafe void Read(long start, Span<T> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, Count);
        if (!destination.IsEmpty)
            _view!.SafeMemoryMappedViewHandle.ReadSpan((ulong)(start * sizeof(T)), destination);
    }

    /// <summary>One number.</summary>
    public T this[long index]
    {
        get
        {
            T value = default;
            Read(index, new Span<T>(ref value));
            return value;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }
}
