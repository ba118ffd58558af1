using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Replication.Bert;

/// <summary>Reads the operands of a pickle's instructions. A text is read only once its length is known to be sane.</summary>
internal sealed class PickleReader(Stream stream)
{
    private const int MaxTextBytes = 1 << 12;

    public byte Byte()
    {
        var value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw new PickleException("it breaks off");
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    /// <summary>A whole number of any length: a long where it fits.</summary>
    public object Long(int bytes)
    {
        var value = new BigInteger(Bytes(bytes));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    public string Text(uint bytes) => bytes <= MaxTextBytes
        ? Encoding.UTF8.GetString(Bytes((int)bytes))
        : throw new PickleException($"it holds a text of {bytes} bytes, longer than any tensor's name");

    public string Line()
    {
        var text = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
        {
            if (text.Append((char)next).Length > MaxTextBytes)
                throw new PickleException("it holds a name that does not end");
        }
        return text.ToString();
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        return stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count ? bytes : throw new PickleException("it breaks off");
    }
}
