using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Replication;

/// <summary>
/// Lines of a text. Only a line feed ends one, a carriage return before it goes with it, and the last may lack it. A byte that
/// is invalid in the text's encoding is refused with its place, never replaced.
/// </summary>
/// <param name="stream">The text's bytes; read no further than the lines that were asked for need, and disposed of with the reader.</param>
/// <param name="name">What messages call it: a path, or "standard input".</param>
/// <param name="marked">Whether UTF-16 and UTF-32 with a byte order mark are decoded; else they are refused by name.</param>
/// <param name="longest">Longest line in bytes.</param>
internal sealed class TextLineReader(Stream stream, string name, bool marked = false, int longest = int.MaxValue) : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    private byte[] _buffer = new byte[1 << 16];
    private int _start, _searched, _end;
    private TextEncodingMark? _encoding;

    /// <summary>The number of the line that was read last, from 1; 0 before the first.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Whether the line that was read last ended with a line feed.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">How a failure begins, such as "Cannot read the corpus".</param>
    /// <param name="longest">Longest line in bytes.</param>
    /// <exception cref="ReplicationException">It cannot be opened, or is a page or pointer in place of the file.</exception>
    public static TextLineReader Open(string path, string what = "Cannot read", int longest = int.MaxValue)
    {
        MistakenFile.Refuse(path);
        return new(StorageFailure.Explain(what, path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16)),
            path, longest: longest);
    }

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="ReplicationException">It is longer than allowed, or not in the text's encoding; the message names line and
    /// byte.</exception>
    public string? ReadLine()
    {
        int length;
        while ((length = FindEnd()) < 0)
        {
            if (Fill())
                continue;
            if (_end == _start)
                return null;
            return Take(_end - _start, ended: false);
        }
        return Take(length, ended: true);
    }

    /// <summary>The lines that are left.</summary>
    /// <inheritdoc cref="ReadLine" path="/exception"/>
    public IEnumerable<string> Rest()
    {
        while (ReadLine() is { } line)
            yield return line;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    // Bytes of the line that begins at _start, its line feed left out; -1 where it is not there yet.
    private int FindEnd()
    {
        if (_encoding is null)
            return -1;
        var unit = _encoding.Unit;
        var whole = _buffer.AsSpan(_searched, (_end - _searched) / unit * unit);
        var index = unit switch
        {
            1 => whole.IndexOf(LineFeed),
            2 => MemoryMarshal.Cast<byte, ushort>(whole).IndexOf((ushort)_encoding.LineFeed),
            _ => MemoryMarshal.Cast<byte, uint>(whole).IndexOf(_encoding.LineFeed),
        };
        if (index >= 0)
            return _searched - _start + index * unit;
        _searched += whole.Length;
        return -1;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_searched, _end, _start) = (_searched - _start, _end - _start, 0);
        }
        CheckLength(_end);
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = Read();
        _end += count;
        if (_encoding is null && (count == 0 || !TextEncodingMark.MayBegin(_buffer.AsSpan(0, _end))))
        {
            _encoding = TextEncodingMark.Of(_buffer.AsSpan(0, _end), name, marked);
            _start = _searched = _encoding.Preamble;
            return count > 0 || _end > _start;
        }
        return count > 0;
    }

    private int Read() => StorageFailure.Explain("Cannot read", name, () => stream.Read(_buffer, _end, _buffer.Length - _end));

    private void CheckLength(int length)
    {
        if (length > longest)
            throw new ReplicationException(
                FormattableString.Invariant($"{name}, line {LineNumber + 1}: longer than {longest} bytes; is this the right file?"));
    }

    private string Take(int length, bool ended)
    {
        CheckLength(length);
        LineNumber++;
        IsEnded = ended;
        var line = Decode(_buffer.AsSpan(_start, length));
        _start += ended ? length + _encoding!.Unit : length;
        _searched = _start;
        return line.EndsWith('\r') ? line[..^1] : line;
    }

    private string Decode(ReadOnlySpan<byte> line)
    {
        if (_encoding!.Unit == 1)
            return Utf8.IsValid(line) ? Encoding.UTF8.GetString(line) : throw Bad(line, FirstInvalid(line));
        try
        {
            return _encoding.Encoding.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            throw Bad(line, _encoding!.Unit == 2 ? FirstUnpaired(line, e.Index) : e.Index);
        }
    }

    // The decoder learns only from the unit after a high surrogate that its other half is missing, and tells where that one begins.
    private int FirstUnpaired(ReadOnlySpan<byte> line, int told)
    {
        var index = told / 2 * 2;
        if (index < 2 || index > line.Length)
            return index;
        var highByte = line[_encoding!.LineFeed == LineFeed ? index - 1 : index - 2];
        return (highByte & 0xFC) == 0xD8 ? index - 2 : index;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> line)
    {
        var index = 0;
        while (Rune.DecodeFromUtf8(line[index..], out _, out var length) == System.Buffers.OperationStatus.Done)
            index += length;
        return index;
    }

    private ReplicationException Bad(ReadOnlySpan<byte> line, int index) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}, line {LineNumber}, byte {index + 1} (0x{line[Math.Clamp(index, 0, line.Length - 1)]:X2}): not {_encoding!.Name}; "
            + $"save it as UTF-8, and call again."));
}
