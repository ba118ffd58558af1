using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// A file of named tensors. Opening one checks all that the file says about itself; reading allocates one tensor at a time.
/// </summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file's path.</summary>
    string Path { get; }

    /// <summary>Number format and shape by name.</summary>
    IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Reads a tensor in the number format in which it is stored.</summary>
    /// <exception cref="ReplicationException">The file ends too soon or cannot be read.</exception>
    Tensor Read(string name);
}

/// <summary>What a file says about a tensor.</summary>
/// <param name="Type">Its number format.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
public sealed record StoredTensor(ScalarType Type, IReadOnlyList<long> Shape);
