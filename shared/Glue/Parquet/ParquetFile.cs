using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace Replication.Glue;

/// <summary>A Parquet file, open for reading, what it says of its sizes held to its bytes before the library believes it.</summary>
internal sealed class ParquetFile : IDisposable
{
    // Far more than any task has, augmented too; a damaged file may claim any number, and arrays are made by it.
    private const long MostRows = 1 << 26;

    // Rows that a small file may hold whatever its length, and those that a byte of a longer one may: texts that differ take more.
    private const long RowsOfAnyFile = 1 << 20, RowsOfAByte = 64;

    private readonly FileStream _file;
    private readonly BoundedStream _stream;
    private readonly ParquetReader _reader;
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, string> _types;

    private ParquetFile(string path, FileStream file, BoundedStream stream, ParquetReader reader)
    {
        (_path, _file, _stream, _reader) = (path, file, stream, reader);
        _types = ParquetTypes.TakeApart(reader.Metadata!.Schema);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ReplicationException">It cannot be read, or is damaged.</exception>
    public static ParquetFile Open(string path)
    {
        MistakenFile.Refuse(path);
        var file = StorageFailure.Explain(
            "Cannot read", path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));
        try
        {
            return Guarded(path, () =>
            {
                ParquetPages.CheckFooter(file);
                var stream = new BoundedStream(file);
                return new ParquetFile(path, file, stream, ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
            });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Number of row groups.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <summary>A column by its name, not one of that name inside another.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">What a file without it is told.</param>
    /// <exception cref="ReplicationException">There is none, or it holds lists or structures.</exception>
    public DataField Column(string name, string expected = "the hub's layout was expected")
    {
        var fields = Guarded(_path, () => _reader.Schema.Fields);
        var named = fields.Where(field => field.Name == name).ToList();
        return named switch
        {
            [DataField { IsArray: false } data] => data,
            [var other] =>
                throw new ReplicationException($"{_path}, column {name}: it is a {Kind(other)} where single values were expected."),
            [] => throw new ReplicationException(
                $"{_path} has no column '{name}' but {string.Join(", ", fields.Select(field => field.Name))}; {expected}."),
            _ => throw new ReplicationException($"{_path} has {named.Count} columns named '{name}'; {expected}."),
        };
    }

    /// <summary>
    /// A column of lists, or one inside a column of structures, such as answers.text for the lists text in the column answers.
    /// </summary>
    /// <exception cref="ReplicationException">There is none.</exception>
    public DataField ColumnOfLists(string name) =>
        Guarded(_path, () => _reader.Schema.GetDataFields()).FirstOrDefault(field => IsListAt(field.Path.ToList(), name.Split('.')))
        ?? throw new ReplicationException($"{_path} has no column of lists '{name}'; the hub's layout was expected.");

    /// <summary>What Parquet calls the type of a column, such as INT32 or BYTE_ARRAY (STRING).</summary>
    public string TypeOf(DataField column) => _types[column.Name];

    /// <summary>Reads a column of a row group; text as its bytes, half-precision numbers as theirs.</summary>
    /// <param name="group">The row group, from 0.</param>
    /// <param name="column">The column.</param>
    /// <returns>Its values in the order of the rows; null where one is missing.</returns>
    /// <exception cref="ReplicationException">It is damaged.</exception>
    public IReadOnlyList<T?> Read<T>(int group, DataField column) where T : struct => Guarded<IReadOnlyList<T?>>(group, column, () =>
    {
        using var rows = _reader.OpenRowGroupReader(group);
        var meta = rows.GetMetadata(column)?.MetaData
            ?? throw new ParquetDamageException("it has no such column");
        if (rows.RowCount < 0 || rows.RowCount > Math.Min(MostRows, RowsOfAnyFile + RowsOfAByte * _file.Length)
            || meta.NumValues != rows.RowCount)
            throw new ParquetDamageException($"it claims {meta.NumValues} values, and {rows.RowCount} rows");
        _stream.Bound = ParquetPages.Check(_file, meta);
        if (column.IsNullable)
        {
            var values = new T?[rows.RowCount];
            rows.ReadAsync<T>(column, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return values;
        }
        var plain = new T[rows.RowCount];
        rows.ReadAsync<T>(column, plain.AsMemory()).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(plain, value => (T?)value);
    });

    /// <summary>Reads a column of lists; text as its bytes.</summary>
    /// <param name="group">The row group, from 0.</param>
    /// <param name="column">The column, as <see cref="ColumnOfLists"/> gives it.</param>
    /// <returns>The elements of each row; null where one holds nothing.</returns>
    /// <exception cref="ReplicationException">It is damaged.</exception>
    public IReadOnlyList<IReadOnlyList<T?>> ReadLists<T>(int group, DataField column) where T : struct =>
        Guarded<IReadOnlyList<IReadOnlyList<T?>>>(group, column, () =>
    {
        using var rows = _reader.OpenRowGroupReader(group);
        var meta = rows.GetMetadata(column)?.MetaData
            ?? throw new ParquetDamageException("it has no such column");
        var most = Math.Min(MostRows, RowsOfAnyFile + RowsOfAByte * _file.Length);
        if (rows.RowCount < 0 || meta.NumValues < rows.RowCount || meta.NumValues > most)
            throw new ParquetDamageException($"it claims {meta.NumValues} values in lists, and {rows.RowCount} rows");
        _stream.Bound = ParquetPages.Check(_file, meta);
        var (values, definitions, repetitions) = (new T[meta.NumValues], new int[meta.NumValues], new int[meta.NumValues]);
        rows.ReadRawAsync(column, values.AsMemory(), definitions.AsMemory(), repetitions.AsMemory()).AsTask().GetAwaiter().GetResult();
        var lists = new List<IReadOnlyList<T?>>((int)rows.RowCount);
        var (list, next) = (new List<T?>(), 0);
        for (var i = 0; i < values.Length; i++)
        {
            // A row begins where the repetition level is 0.
            if (repetitions[i] == 0)
                lists.Add(list = []);
            // A value is there where its definition level is the highest; one level below, its element is, and holds nothing.
            if (definitions[i] == column.MaxDefinitionLevel)
                list.Add(values[next++]);
            else if (column.IsNullable && definitions[i] == column.MaxDefinitionLevel - 1)
                list.Add(null);
        }
        return lists.Count == rows.RowCount
            ? lists
            : throw new ParquetDamageException($"it has {lists.Count} rows where {rows.RowCount} are claimed");
    });

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    // A list has two steps more in its path, such as list and element, whose names differ by writer.
    private static bool IsListAt(List<string> path, string[] name) =>
        path.Count == name.Length + 2 && path.Take(name.Length).SequenceEqual(name, StringComparer.Ordinal);

    private static string Kind(Field field) => field.SchemaType switch
    {
        SchemaType.Data => "list",
        var type => type.ToString().ToLowerInvariant(),
    };

    private T Guarded<T>(int group, DataField column, Func<T> read) =>
        Guarded(_path, read, $"column {ParquetColumns.Dotted(column)}, row group {group + 1}: ");

    // The decoder meets damage with exceptions of every kind, whose words are about itself; what it does not know it names.
    private static T Guarded<T>(string path, Func<T> read, string place = "")
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not ReplicationException and not OutOfMemoryException)
        {
            throw e switch
            {
                IOException and not EndOfStreamException => StorageFailure.Of("Cannot read", path, e),
                NotSupportedException or NotImplementedException => new ReplicationException(
                    $"{path} is written in a way that is not read here ({place}{FirstLine(e)}); write it anew, without encryption and with "
                    + $"common encodings and compression.", inner: e),
                _ => new ReplicationException(
                    $"{path} cannot be read as Parquet ({place}{Damage(e)}); it is damaged or something else, so get it again.", inner: e),
            };
        }
    }

    private static string Damage(Exception e) => e switch
    {
        ParquetDamageException => e.Message,
        EndOfStreamException => "its data end too soon",
        _ => "its data are not as its description says",
    };

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('\r', '.');
}
