namespace Replication.Glue;

/// <summary>
/// Parquet's structures as parquet.thrift has them, field by field: i a whole number, y a byte, b a boolean, d a double,
/// s bytes or text, a name another structure, [x] a list of x.
/// </summary>
internal static class ThriftShapes
{
    /// <summary>The structure at a file's end.</summary>
    public const string Footer = "FileMetaData";

    /// <summary>The structure before each page.</summary>
    public const string Page = "PageHeader";

    private const string Empty = "Empty";

    private static readonly Dictionary<string, Dictionary<int, string>> Shapes = new[]
    {
        $"{Empty}",
        $"{Footer} 1:i 2:[SchemaElement] 3:i 4:[RowGroup] 5:[KeyValue] 6:s 7:[ColumnOrder] 8:EncryptionAlgorithm 9:s",
        "SchemaElement 1:i 2:i 3:i 4:s 5:i 6:i 7:i 8:i 9:i 10:LogicalType",
        $"LogicalType 1:{Empty} 2:{Empty} 3:{Empty} 4:{Empty} 5:DecimalType 6:{Empty} 7:TimeType 8:TimeType 10:IntType 11:{Empty} "
            + $"12:{Empty} 13:{Empty} 14:{Empty} "
            + $"15:{Empty} 16:VariantType 17:GeometryType 18:GeographyType",
        "DecimalType 1:i 2:i",
        "TimeType 1:b 2:TimeUnit",
        $"TimeUnit 1:{Empty} 2:{Empty} 3:{Empty}",
        "IntType 1:y 2:b",
        "VariantType 1:y",
        "GeometryType 1:s",
        "GeographyType 1:s 2:i",
        "RowGroup 1:[ColumnChunk] 2:i 3:i 4:[SortingColumn] 5:i 6:i 7:i",
        "SortingColumn 1:i 2:b 3:b",
        "ColumnChunk 1:s 2:i 3:ColumnMetaData 4:i 5:i 6:i 7:i 8:ColumnCryptoMetaData 9:s",
        "ColumnMetaData 1:i 2:[i] 3:[s] 4:i 5:i 6:i 7:i 8:[KeyValue] 9:i 10:i 11:i 12:Statistics 13:[PageEncodingStats] 14:i 15:i "
            + "16:SizeStatistics 17:GeospatialStatistics",
        "KeyValue 1:s 2:s",
        "Statistics 1:s 2:s 3:i 4:i 5:s 6:s 7:b 8:b",
        "PageEncodingStats 1:i 2:i 3:i",
        "SizeStatistics 1:i 2:[i] 3:[i]",
        "GeospatialStatistics 1:BoundingBox 2:[i]",
        "BoundingBox 1:d 2:d 3:d 4:d 5:d 6:d 7:d 8:d",
        $"ColumnOrder 1:{Empty}",
        "EncryptionAlgorithm 1:AesGcm 2:AesGcm",
        "AesGcm 1:s 2:s 3:b",
        $"ColumnCryptoMetaData 1:{Empty} 2:ColumnKey",
        "ColumnKey 1:[s] 2:s",
        $"{Page} 1:i 2:i 3:i 4:i 5:DataPageHeader 6:{Empty} 7:DictionaryPageHeader 8:DataPageHeaderV2",
        "DataPageHeader 1:i 2:i 3:i 4:i 5:Statistics",
        "DictionaryPageHeader 1:i 2:i 3:b",
        "DataPageHeaderV2 1:i 2:i 3:i 4:i 5:i 6:i 7:b 8:Statistics",
    }.Select(line => line.Split(' ')).ToDictionary(
        words => words[0],
        words => words.Skip(1).Select(word => word.Split(':'))
            .ToDictionary(pair => int.Parse(pair[0], System.Globalization.CultureInfo.InvariantCulture), pair => pair[1]),
        StringComparer.Ordinal);

    /// <summary>What a field of a structure is; null where the structure has no such field.</summary>
    public static string? Field(string shape, int id) => Shapes[shape].GetValueOrDefault(id);
}
