namespace Replication.Glue;

/// <summary>What a Parquet file says of itself does not hold.</summary>
/// <param name="what">What, as the rest of a sentence that begins with the file.</param>
internal class ParquetDamageException(string what) : Exception(what);

/// <summary>A structure of a Parquet file goes on behind the bytes that there are.</summary>
/// <inheritdoc cref="ParquetDamageException"/>
internal sealed class ParquetEndException(string what) : ParquetDamageException(what);
