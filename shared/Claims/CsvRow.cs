using System.Globalization;
using CsvHelper;

namespace Replication.Claims;

/// <summary>A row of a CSV file with named columns, which knows its place for messages.</summary>
internal sealed class CsvRow(string file, long line, IReadOnlyDictionary<string, string> fields)
{
    /// <summary>A field's text.</summary>
    public string this[string column] => fields[column];

    /// <summary>Reads a file whose header must hold the given columns, in any order.</summary>
    /// <exception cref="ReplicationException">A column is missing or a row is malformed; the message names file, line and
    /// column.</exception>
    public static IReadOnlyList<CsvRow> ReadAll(Stream stream, string file, IReadOnlyList<string> columns)
    {
        var options = new CsvReaderOptions { TrackLineNumbers = true };
        using var reader = CsvReader.Create(stream, options, leaveOpen: true);
        var rows = new List<CsvRow>();
        try
        {
            foreach (var column in columns)
            {
                if (!reader.Headers.Contains(column, StringComparer.Ordinal))
                    throw new ReplicationException(
                        $"{file}, line 1: the column '{column}' is missing; expected {string.Join(',', columns)}.");
            }
            while (reader.Read())
            {
                if (reader.FieldCount != reader.Headers.Count)
                    throw new ReplicationException(
                        $"{file}, line {reader.LineNumber}: {reader.FieldCount} fields where the header names {reader.Headers.Count}; "
                            + $"quote a value that holds a comma.");
                rows.Add(new CsvRow(
                    file, reader.LineNumber, columns.ToDictionary(c => c, c => reader.GetString(c), StringComparer.Ordinal)));
            }
        }
        catch (CsvFormatException e)
        {
            throw new ReplicationException(
                $"{file}, line {e.LineNumber}: malformed CSV ({e.Message.Split('\n')[0].TrimEnd('.', '\r')}).", inner: e);
        }
        return rows;
    }

    /// <summary>A field that must not be empty.</summary>
    public string Required(string column) =>
        this[column] is { Length: > 0 } text ? text : throw Bad(column, "a value");

    /// <summary>A number; null where the field is empty.</summary>
    public double? Number(string column) => this[column] switch
    {
        "" => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw Bad(column, "a number with a decimal point"),
    };

    /// <summary>One of an enumeration's members, without regard to case.</summary>
    public T Member<T>(string column) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(n => n.Equals(this[column], StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : throw Bad(column, "one of " + string.Join(", ", Enum.GetNames<T>()));

    /// <summary>The message for a field that cannot be used.</summary>
    public ReplicationException Bad(string column, string expected) =>
        new($"{file}, line {line}, column '{column}': '{this[column]}' where {expected} was expected.");
}
