using Parquet.Meta;

namespace Replication.Glue;

/// <summary>The types of a Parquet file's columns: what they are called, and how this suite has them read.</summary>
internal static class ParquetTypes
{
    /// <summary>What <see cref="TakeApart"/> says of half-precision numbers.</summary>
    public const string Half = "FIXED_LEN_BYTE_ARRAY (FLOAT16)";

    /// <summary>
    /// Names the types of the columns that lie inside no other, then takes from all columns what keeps their bytes from being
    /// read as they are: the library replaces what is no UTF-8, and refuses a file where any column has a type that it does not know.
    /// </summary>
    public static Dictionary<string, string> TakeApart(IReadOnlyList<SchemaElement> schema)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        // The first element is the root; after a column come those inside it.
        for (var place = 1; place < schema.Count; place = After(schema, place))
            types[schema[place].Name] = Name(schema[place]);
        foreach (var element in schema.Where(element => element.Type is not null))
        {
            if (element.ConvertedType is ConvertedType.UTF8 or ConvertedType.ENUM or ConvertedType.JSON or ConvertedType.BSON)
                element.ConvertedType = null;
            if (element.LogicalType is { INTEGER: null, DECIMAL: null, DATE: null, TIME: null, TIMESTAMP: null })
                element.LogicalType = null;
        }
        return types;
    }

    private static int After(IReadOnlyList<SchemaElement> schema, int place)
    {
        var left = 1L;
        for (; left > 0 && place < schema.Count; place++)
            left += Math.Max(0, schema[place].NumChildren ?? 0) - 1;
        return place;
    }

    private static string Name(SchemaElement element) =>
        element.Type is not { } type ? "group" : Annotation(element) is { } note ? $"{type} ({note})" : $"{type}";

    private static string? Annotation(SchemaElement element) => element.LogicalType switch
    {
        { STRING: not null } => "STRING",
        { DECIMAL: not null } => "DECIMAL",
        { FLOAT16: not null } => "FLOAT16",
        { UUID: not null } => "UUID",
        { INTEGER: { } integer } => $"{(integer.IsSigned ? "" : "U")}INT{integer.BitWidth}",
        _ => element.ConvertedType?.ToString(),
    };
}
