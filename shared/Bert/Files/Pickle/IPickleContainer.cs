namespace Replication.Bert;

/// <summary>How a file holds a pickle and the numbers that it refers to.</summary>
internal interface IPickleContainer : IDisposable
{
    /// <summary>What the pickle holds.</summary>
    object? Root { get; }

    /// <summary>Bytes of a storage; null where there is none of that key.</summary>
    long? Bytes(string key);

    /// <summary>Reads all bytes of a storage.</summary>
    void Read(string key, Span<byte> target);
}
