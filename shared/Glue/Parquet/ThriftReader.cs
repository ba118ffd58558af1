namespace Replication.Glue;

/// <summary>
/// Reads a structure in Thrift's compact protocol and holds every length, count and type to the bytes that there are and to
/// <see cref="ThriftShapes"/>: what passes here can be read by a library that trusts them.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int True = 1, False = 2, Byte = 3, Int16 = 4, Int64 = 6, Double = 7, Binary = 8, List = 9, Structure = 12;
    private const int LongCount = 15;
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a structure; its whole numbers and inner structures by their fields' ids.</summary>
    /// <exception cref="ParquetDamageException">It is no such structure; the message says why.</exception>
    /// <exception cref="ParquetEndException">The bytes end in it.</exception>
    public ThriftStructure Read(string shape)
    {
        var structure = new ThriftStructure();
        var id = 0;
        while (Next() is var header && header != 0)
        {
            id = header >> 4 is var step && step != 0 ? id + step : (int)Number();
            var kind = header & 0xF;
            var wanted = ThriftShapes.Field(shape, id)
                ?? throw new ParquetDamageException($"its {shape} has a field {id}, which is not known");
            if (Read(wanted, kind, $"field {id} of its {shape}") is { } value)
                structure.Set(id, value);
        }
        return structure;
    }

    private object? Read(string wanted, int kind, string place)
    {
        var fits = wanted switch
        {
            "i" => kind is >= Int16 and <= Int64,
            "y" => kind == Byte,
            "b" => kind is True or False,
            "d" => kind == Double,
            "s" => kind == Binary,
            ['[', ..] => kind == List,
            _ => kind == Structure,
        };
        if (!fits)
            throw new ParquetDamageException($"{place} is of another kind");
        switch (kind)
        {
            case Byte:
                return (long)Next();
            case True or False:
                return kind == True ? 1L : 0L;
            case Double:
                Skip(sizeof(double));
                return null;
            case Binary:
                Skip(Varint());
                return null;
            case List:
                Items(wanted[1..^1], place);
                return null;
            case Structure:
                return Read(wanted);
            default:
                return Number();
        }
    }

    // Every item takes at least a byte.
    private void Items(string wanted, string place)
    {
        var header = Next();
        var count = header >> 4 is var few && few < LongCount ? (ulong)few : Varint();
        if (count > (ulong)(_data.Length - Position))
            throw new ParquetEndException($"{place} announces {count} items, more than there are bytes");
        for (var i = 0UL; i < count; i++)
            Read(wanted, header & 0xF, place);
    }

    private byte Next() =>
        Position < _data.Length ? _data[Position++] : throw new ParquetEndException("it ends in its description of itself");

    private void Skip(ulong bytes)
    {
        if (bytes > (ulong)(_data.Length - Position))
            throw new ParquetEndException($"it announces a text of {bytes} bytes, more than there are");
        Position += (int)bytes;
    }

    private long Number() => Varint() is var value && (value & 1) == 0 ? (long)(value >> 1) : (long)~(value >> 1);

    private ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < LongestVarint; i++)
        {
            var next = Next();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return value;
        }
        throw new ParquetDamageException("it holds a number of more than 64 bits");
    }
}
