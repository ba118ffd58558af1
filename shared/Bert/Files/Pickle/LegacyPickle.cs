using System.Buffers.Binary;
using System.Numerics;

namespace Replication.Bert;

/// <summary>
/// PyTorch's layout before 1.6: five pickles (a magic number, a version, the writer's system, the state dict, the keys of its
/// storages), then each storage as a count of 8 bytes and its elements.
/// </summary>
internal sealed class LegacyPickle : IPickleContainer
{
    private const int CountBytes = sizeof(long);
    private const long Version = 1001;

    private static readonly BigInteger Magic =
        BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly FileStream _file;
    private readonly Dictionary<string, (long Start, long Bytes)> _places = new(StringComparer.Ordinal);

    public LegacyPickle(string path)
    {
        _file = File.OpenRead(path);
        try
        {
            if (PickleMachine.Run(_file) is not BigInteger magic || magic != Magic)
                throw new PickleException("it is not a file of PyTorch");
            if (PickleMachine.Run(_file) is not Version)
                throw new PickleException("its version of PyTorch's layout is not known");
            if (PickleMachine.Run(_file) is not PickleDictionary system || system["little_endian"] is not true)
                throw new PickleException("its numbers are not little-endian");
            Root = PickleMachine.Run(_file);
            FindPlaces(PickleMachine.Run(_file) as List<object?> ?? throw new PickleException("it does not list its storages"));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public object? Root { get; }

    public long? Bytes(string key) => _places.TryGetValue(key, out var place) ? place.Bytes : null;

    public void Read(string key, Span<byte> target)
    {
        _file.Position = _places[key].Start;
        _file.ReadExactly(target);
    }

    public void Dispose() => _file.Dispose();

    private void FindPlaces(List<object?> keys)
    {
        var storages = (Root as PickleDictionary ?? throw new PickleException("it holds no state dict")).Items
            .Select(item => item.Value).OfType<PickleTensor>().Select(tensor => tensor.Storage)
            .DistinctBy(storage => storage.Key).ToDictionary(storage => storage.Key, StringComparer.Ordinal);
        var count = new byte[CountBytes];
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
                throw new PickleException("it lists a storage that no tensor uses");
            _file.ReadExactly(count);
            var bytes = (Int128)BinaryPrimitives.ReadInt64LittleEndian(count) * StoredTypes.Size(storage.Type);
            if (bytes < 0 || bytes > _file.Length - _file.Position)
                throw new PickleException($"it ends before its storage {name} does");
            _places[name] = (_file.Position, (long)bytes);
            _file.Position += (long)bytes;
        }
    }
}
