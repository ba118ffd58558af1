using System.Buffers.Binary;
using Parquet.Meta;

namespace Replication.Glue;

/// <summary>
/// Holds what a Parquet file says of its sizes to its bytes: the description at its end, and the header of each page of a column,
/// before anything is allocated or looped over on its word.
/// </summary>
internal static class ParquetPages
{
    private const int MagicBytes = 4, TailBytes = sizeof(int) + MagicBytes;
    private const int FirstHeaderBytes = 1 << 12, MostHeaderBytes = 1 << 24;

    // A page's own length and the header's come from two places; writers differ by the levels before the values.
    private const long Slack = 1 << 20;

    // Fields of a page's header, of the three kinds of page in it, and of the second kind of data page.
    private const int Kind = 1, UncompressedSize = 2, CompressedSize = 3, DataPage = 5, DictionaryPage = 7, DataPage2 = 8;
    private const int Values = 1;
    private const int DefinitionLevels = 5, RepetitionLevels = 6, IsCompressed = 7;

    /// <summary>Checks the description at a file's end.</summary>
    /// <exception cref="ParquetDamageException">It is not a sound one.</exception>
    public static void CheckFooter(FileStream file)
    {
        if (file.Length < MagicBytes + TailBytes)
            throw new ParquetDamageException("it is too short");
        var length = BinaryPrimitives.ReadInt32LittleEndian(Read(file, file.Length - TailBytes, sizeof(int)));
        if (length <= 0 || length > file.Length - MagicBytes - TailBytes)
            throw new ParquetDamageException($"its description of itself is said to take {length} of {file.Length} bytes");
        new ThriftReader(Read(file, file.Length - TailBytes - length, length)).Read(ThriftShapes.Footer);
    }

    /// <summary>Checks the pages of a column in a row group, and gives where the last of them ends.</summary>
    /// <exception cref="ParquetDamageException">A page lies outside the file, or has more in it than it can have.</exception>
    public static long Check(FileStream file, ColumnMetaData column)
    {
        // The reader begins at the least of the three too, and stops once it has all values.
        var place = new[] { column.DictionaryPageOffset ?? 0, column.DataPageOffset, column.IndexPageOffset ?? 0 }
            .Where(offset => offset != 0).Min();
        for (var values = 0L; values < column.NumValues;)
        {
            if (place < MagicBytes || place >= file.Length - TailBytes)
                throw new ParquetDamageException($"a page begins at byte {place} of {file.Length}");
            var (header, length) = Header(file, place);
            var (uncompressed, compressed) = (header.Number(UncompressedSize), header.Number(CompressedSize));
            place += length;
            if (compressed < 0 || compressed > file.Length - TailBytes - place)
                throw new ParquetDamageException($"a page is said to take {compressed} bytes from byte {place} of {file.Length}");
            CheckUnpacked(column, uncompressed, compressed);
            CheckAnnounced(file, column.Codec, header, place);
            place += compressed;
            var count = Count(header);
            var isDictionary = header.Number(Kind) == (int)PageType.DICTIONARY_PAGE;
            if (count < 0 || count > (isDictionary ? uncompressed : column.NumValues - values))
                throw new ParquetDamageException($"a page is said to hold {count} values, more than it can");
            if (!isDictionary)
                values += count;
        }
        return place;
    }

    private static (ThriftStructure Header, int Length) Header(FileStream file, long place)
    {
        for (var size = FirstHeaderBytes; ; size *= 2)
        {
            var left = file.Length - TailBytes - place;
            var reader = new ThriftReader(Read(file, place, (int)Math.Min(size, left)));
            try
            {
                var header = reader.Read(ThriftShapes.Page);
                return (header, reader.Position);
            }
            catch (ParquetEndException) when (size < left && size < MostHeaderBytes)
            {
                // It holds the least and greatest value, which may be long.
            }
        }
    }

    private static long Count(ThriftStructure header) => header.Number(Kind) switch
    {
        (int)PageType.DATA_PAGE => header.Structure(DataPage).Number(Values),
        (int)PageType.DICTIONARY_PAGE => header.Structure(DictionaryPage).Number(Values),
        (int)PageType.DATA_PAGE_V2 => header.Structure(DataPage2).Number(Values),
        var other => throw new ParquetDamageException($"a page is of the kind {other}"),
    };

    private static void CheckUnpacked(ColumnMetaData column, long uncompressed, long compressed)
    {
        var most = column.TotalUncompressedSize > 0 ? column.TotalUncompressedSize : int.MaxValue;
        if (uncompressed < 0 || uncompressed > most || uncompressed > PageCodec.MostBytes(column.Codec, compressed))
            throw new ParquetDamageException($"a page of {compressed} bytes is said to have {uncompressed} unpacked");
    }

    private static void CheckAnnounced(FileStream file, CompressionCodec codec, ThriftStructure header, long place)
    {
        var left = header.Number(CompressedSize);
        if (header.Number(Kind) == (int)PageType.DATA_PAGE_V2)
        {
            // Its levels are not packed.
            var page = header.Structure(DataPage2);
            var (definition, repetition) = (page.Number(DefinitionLevels), page.Number(RepetitionLevels));
            if (definition < 0 || repetition < 0 || definition + repetition > left)
                throw new ParquetDamageException($"a page of {left} bytes is said to begin with {definition + repetition} bytes of levels");
            if (page.Number(IsCompressed, absent: 1) == 0)
                return;
            place += definition + repetition;
            left -= definition + repetition;
        }
        if (PageCodec.Announced(codec, Read(file, place, (int)Math.Min(left, PageCodec.LongestStart))) is { } announced
            && announced > (ulong)(header.Number(UncompressedSize) + Slack))
            throw new ParquetDamageException($"a page said to have {header.Number(UncompressedSize)} bytes unpacked announces {announced}");
    }

    private static byte[] Read(FileStream file, long place, int length)
    {
        var bytes = new byte[length];
        file.Position = place;
        file.ReadExactly(bytes);
        return bytes;
    }
}
