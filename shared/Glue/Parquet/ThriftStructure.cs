namespace Replication.Glue;

/// <summary>A structure that was read: whole numbers and inner structures by the ids of their fields.</summary>
internal sealed class ThriftStructure
{
    private readonly Dictionary<int, object> _fields = [];

    /// <summary>Keeps a field's value; the last of several counts, as in Parquet's readers.</summary>
    public void Set(int id, object value) => _fields[id] = value;

    /// <summary>A whole number, or 1 and 0 for true and false.</summary>
    /// <exception cref="ParquetDamageException">The field is missing.</exception>
    public long Number(int id) =>
        _fields.GetValueOrDefault(id) is long value ? value : throw new ParquetDamageException($"a page's header lacks its field {id}");

    /// <summary>As <see cref="Number(int)"/>; a default where the field is missing.</summary>
    public long Number(int id, long absent) => _fields.GetValueOrDefault(id) is long value ? value : absent;

    /// <summary>An inner structure.</summary>
    /// <exception cref="ParquetDamageException">The field is missing.</exception>
    public ThriftStructure Structure(int id) =>
        _fields.GetValueOrDefault(id) as ThriftStructure ?? throw new ParquetDamageException($"a page's header lacks its field {id}");
}
