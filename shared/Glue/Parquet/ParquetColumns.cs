using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Parquet.Schema;

namespace Replication.Glue;

/// <summary>Columns of a Parquet file as texts and as labels, whatever type they are stored in.</summary>
/// <param name="file">The file.</param>
/// <param name="path">Its path, for messages.</param>
/// <param name="task">The task whose labels are read; null where none are.</param>
internal sealed class ParquetColumns(ParquetFile file, string path, GlueTask? task = null)
{
    private const string Number = "a number";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The texts of a row group.</summary>
    /// <param name="group">The row group, from 0.</param>
    /// <param name="column">The column.</param>
    /// <param name="before">Rows before the group, for messages.</param>
    /// <exception cref="ReplicationException">The column is of another type, or a row has no text; the message names it.</exception>
    public IEnumerable<string> Texts(int group, DataField column, long before) =>
        column.ClrType == typeof(ReadOnlyMemory<byte>) && file.TypeOf(column) != ParquetTypes.Half
        ? file.Read<ReadOnlyMemory<byte>>(group, column).Select((bytes, row) => Text(bytes, column, before + row))
        : throw OfAnotherType(column, "text");

    /// <summary>The labels of a row group.</summary>
    /// <inheritdoc cref="Texts" path="/param"/>
    /// <exception cref="ReplicationException">The column is of a type that is not a label, or a row has no label of the task; the message
    /// names it.</exception>
    public IEnumerable<float> Labels(int group, DataField column, long before) => Numbers(group, column, before).Select((value, row) =>
        value is { } label && GlueLabel.IsValid(task!, label)
            ? label
            : throw NoLabel(column, before + row, value?.ToString(CultureInfo.InvariantCulture) ?? "nothing"));

    /// <summary>The lists of texts of a row group.</summary>
    /// <inheritdoc cref="Texts" path="/param"/>
    /// <exception cref="ReplicationException">An element is not a string; the message names its row.</exception>
    public IEnumerable<IReadOnlyList<string>> TextLists(int group, DataField column, long before) =>
        column.ClrType == typeof(ReadOnlyMemory<byte>)
        ? file.ReadLists<ReadOnlyMemory<byte>>(group, column)
            .Select((texts, row) => (IReadOnlyList<string>)[.. texts.Select(text => Text(text, column, before + row))])
        : throw new ReplicationException(
            $"{path}, column {Dotted(column)}: its elements are {Kind(column.ClrType)} where text was expected; write the column anew as "
            + $"that.");

    /// <summary>The lists of whole numbers of a row group.</summary>
    /// <inheritdoc cref="Texts" path="/param"/>
    /// <exception cref="ReplicationException">An element is not a number; the message names its row.</exception>
    public IEnumerable<IReadOnlyList<int>> NumberLists(int group, DataField column, long before) => column.ClrType switch
    {
        var type when type == typeof(int) =>
            file.ReadLists<int>(group, column).Select((numbers, row) => Whole(numbers, column, before + row)),
        var type when type == typeof(long) => file.ReadLists<long>(group, column).Select((numbers, row) => Whole(
            [.. numbers.Select(n => n is >= int.MinValue and <= int.MaxValue ? (int?)n : null)], column, before + row)),
        var type => throw new ReplicationException(
            $"{path}, column {Dotted(column)}: its elements are {Kind(type)} where whole numbers were expected; write the column anew as "
            + $"those."),
    };

    private IReadOnlyList<int> Whole(IReadOnlyList<int?> numbers, DataField column, long row) =>
        [.. numbers.Select(
            number => number
            ?? throw new ReplicationException($"{path}, row {row + 1}, column {Dotted(column)}: no whole number where one was expected."))];

    /// <summary>A column's whole path.</summary>
    public static string Dotted(DataField column) => string.Join('.', column.Path.ToList());

    // What .NET calls it would tell few people anything.
    private static string Kind(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true and false",
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "numbers with a fraction",
        TypeCode.SByte or TypeCode.Byte => "whole numbers of 8 bits",
        TypeCode.Int16 or TypeCode.UInt16 => "whole numbers of 16 bits",
        TypeCode.Int32 or TypeCode.UInt32 => "whole numbers of 32 bits",
        TypeCode.Int64 or TypeCode.UInt64 => "whole numbers of 64 bits",
        _ when type == typeof(ReadOnlyMemory<byte>) => "text or bytes",
        _ => "of another type",
    };

    private IEnumerable<float?> Numbers(int group, DataField column, long before) => column.ClrType switch
    {
        _ when column is TimeDataField => throw OfAnotherType(column, Number),
        _ when file.TypeOf(column) == ParquetTypes.Half =>
            Convert<ReadOnlyMemory<byte>>(group, column, bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.Span)),
        var type when type == typeof(bool) => Convert<bool>(group, column, value => value ? 1 : 0),
        var type when type == typeof(sbyte) => Convert<sbyte>(group, column, value => value),
        var type when type == typeof(byte) => Convert<byte>(group, column, value => value),
        var type when type == typeof(short) => Convert<short>(group, column, value => value),
        var type when type == typeof(ushort) => Convert<ushort>(group, column, value => value),
        var type when type == typeof(int) => Convert<int>(group, column, value => value),
        var type when type == typeof(uint) => Convert<uint>(group, column, value => value),
        var type when type == typeof(long) => Convert<long>(group, column, value => value),
        var type when type == typeof(ulong) => Convert<ulong>(group, column, value => value),
        var type when type == typeof(float) => Convert<float>(group, column, value => value),
        var type when type == typeof(double) => Convert<double>(group, column, value => (float)value),
        var type when type == typeof(decimal) => Convert<decimal>(group, column, value => (float)value),
        var type when type == typeof(ReadOnlyMemory<byte>) => Texts(group, column, before).Select((text, row) => (float?)(
            GlueLabel.Parse(task!, text, words: false) ?? GlueLabel.Parse(task!, text, words: true)
                ?? throw NoLabel(column, before + row, $"'{text}'"))),
        _ => throw OfAnotherType(column, Number),
    };

    private IEnumerable<float?> Convert<T>(int group, DataField column, Func<T, float> convert) where T : struct =>
        file.Read<T>(group, column).Select(value => value is { } known ? convert(known) : (float?)null);

    private string Text(ReadOnlyMemory<byte>? bytes, DataField column, long row)
    {
        try
        {
            return bytes is { } text
                ? Strict.GetString(text.Span)
                : throw new ReplicationException($"{path}, row {row + 1}, column {column.Name}: no text where one was expected.");
        }
        catch (DecoderFallbackException e)
        {
            throw new ReplicationException(
                $"{path}, row {row + 1}, column {column.Name}, byte {e.Index + 1}: not UTF-8, which text in Parquet is.", inner: e);
        }
    }

    private ReplicationException NoLabel(DataField column, long row, string value) =>
        new($"{path}, row {row + 1}, column {column.Name}: {value} is not a label of {task}; expected "
            + $"{GlueLabel.Expected(task!, words: false)}.");

    private ReplicationException OfAnotherType(DataField column, string expected) =>
        new($"{path}, column {column.Name}: its type is {file.TypeOf(column)} where {expected} was expected; write the column anew in "
            + $"that type.");
}
