using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Sizes of stored tensors, and reading them straight into a tensor's memory.</summary>
internal static class TensorBytes
{
    /// <summary>Bytes that a tensor takes; null if a dimension is negative or the product does not fit.</summary>
    public static long? Count(IReadOnlyList<long> shape, ScalarType type)
    {
        Int128 count = StoredTypes.Size(type);
        foreach (var dimension in shape)
        {
            if (dimension < 0)
                return null;
            count *= dimension;
            if (count > int.MaxValue)
                return null;
        }
        return (long)count;
    }

    /// <summary>Reads a tensor whose size was checked against the file.</summary>
    public static Tensor Read(SafeFileHandle file, string path, long offset, IReadOnlyList<long> shape, ScalarType type)
    {
        var tensor = empty([.. shape], type);
        var bytes = tensor.bytes;
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
            {
                tensor.Dispose();
                throw new ReplicationException($"{path} ends too soon; get the file again.");
            }
            bytes = bytes[read..];
            offset += read;
        }
        return tensor;
    }

    /// <summary>Opens a file for reading at any place.</summary>
    public static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }
}
