using Replication.Bert.Tokenization;

namespace Replication.Glue;

/// <summary>Turns sentences into token ids.</summary>
public static class Encoder
{
    /// <summary>Tokenises every row, on all processors; the result does not depend on how many there are.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="maxLength">Most tokens per row, the special ones included; the longer sentence is cut first.</param>
    public static EncodedDataset Encode(GlueDataset data, TextTokenizer tokenizer, int maxLength)
    {
        var encoded = new EncodedExample[data.Examples.Count];
        Parallel.For(0, encoded.Length, row =>
        {
            var example = data.Examples[row];
            var (ids, firstLength) = tokenizer.EncodePair(example.Sentence1, example.Sentence2, maxLength);
            encoded[row] = new EncodedExample(row, ids, firstLength, example.Label ?? float.NaN);
        });
        return new EncodedDataset(data.Task, encoded, ContentDigest.Of(encoded)) { PaddingId = tokenizer.Ids.Padding };
    }
}
