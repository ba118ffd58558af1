using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Replication.Bert;
using Replication.Bert.Tokenization;

namespace Replication.Inference;

/// <summary>
/// A classifier or scorer of texts in a folder that 'export --format onnx' has written, run by ONNX Runtime. All methods may be
/// called by several threads at once; a call uses <see cref="BertClassifierOptions.Threads"/> threads. What a text is
/// answered does not depend on the other texts of its batch.
/// </summary>
/// <example><code>
/// using var classifier = BertClassifier.Open("my-model");
/// var prediction = classifier.Predict("A warm and funny film.");
/// Console.WriteLine($"{prediction.Label} {prediction.Probabilities.Max():P1}");
/// </code></example>
public sealed class BertClassifier : ITextClassifier
{
    /// <summary>Name of the meter that counts texts, tokens and seconds.</summary>
    public const string MeterName = "Replication.Inference";

    internal const string FileName = "model.onnx";
    private const string Output = "logits";

    // Texts that a stream takes together at most.
    private const int StreamBatch = 32;

    private readonly OnnxModel _model;
    private readonly TextTokenizer _tokenizer;
    private readonly LabelSet _labels;
    private readonly BertClassifierOptions _options;
    private readonly ClassifierMetrics _metrics;
    private readonly int _longestInput;

    private BertClassifier(OnnxModel model, TextTokenizer tokenizer, LabelSet labels, BertClassifierOptions options, ClassifierMetrics metrics, int longestInput) =>
        (_model, _tokenizer, _labels, _options, _metrics, _longestInput) = (model, tokenizer, labels, options, metrics, longestInput);

    /// <inheritdoc/>
    public IReadOnlyList<string> Labels => _labels.Labels;

    /// <summary>Opens a folder: model.onnx, config.json and the tokenizer's files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <param name="meters">Where its metrics are made; null for a meter of its own.</param>
    /// <exception cref="ReplicationException">A file is missing, damaged or does not fit the others, or an option is out of its range.</exception>
    public static BertClassifier Open(string folder, BertClassifierOptions? options = null, IMeterFactory? meters = null)
    {
        options ??= new BertClassifierOptions();
        var config = ConfigReader.ReadGeometry(folder);
        options.Validate(config.LongestInput);
        var tokenizer = TokenizerFolder.Open(folder, config);
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        var model = OnnxModel.Open(Path.Combine(folder, FileName), threads, Output);
        try
        {
            return new BertClassifier(model, tokenizer, ReadLabels(folder, model.Width(Output)), options, new ClassifierMetrics(meters), config.LongestInput);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Prediction Predict(string first, string? second = null, CancellationToken cancellation = default)
    {
        Prediction? prediction = null;
        Run([Encode(new TextInput(first, second))], (_, logits) => prediction = _labels.ToPrediction(logits), cancellation);
        return prediction!;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default)
    {
        var predictions = new Prediction[texts.Count];
        foreach (var (rows, encoded) in Batches(texts, cancellation))
            Run(encoded, (row, logits) => predictions[rows[row]] = _labels.ToPrediction(logits), cancellation);
        return predictions;
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> Logits(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default)
    {
        var all = new float[texts.Count][];
        foreach (var (rows, encoded) in Batches(texts, cancellation))
            Run(encoded, (row, logits) => all[rows[row]] = logits.ToArray(), cancellation);
        return all;
    }

    /// <summary>
    /// Labels texts as they come, in their order: those that are there already together, and the rest when it comes, so that a
    /// slow source is answered at once and a fast one in batches. The work is done on threads of the pool.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ReplicationException">A text is too long, or the model's outputs are not numbers.</exception>
    public async IAsyncEnumerable<Prediction> PredictAsync(
        IAsyncEnumerable<TextInput> texts, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var source = texts.GetAsyncEnumerator(cancellation);
        await using var disposal = source.ConfigureAwait(false);
        var next = source.MoveNextAsync().AsTask();
        while (await next.ConfigureAwait(false))
        {
            var batch = new List<TextInput> { source.Current };
            next = source.MoveNextAsync().AsTask();
            while (batch.Count < StreamBatch && next.IsCompletedSuccessfully && next.Result)
            {
                batch.Add(source.Current);
                next = source.MoveNextAsync().AsTask();
            }
            foreach (var prediction in await Task.Run(() => PredictBatch(batch, cancellation), cancellation).ConfigureAwait(false))
                yield return prediction;
        }
    }

    /// <summary>Frees the model. Calls that are under way must have ended.</summary>
    public void Dispose()
    {
        _model.Dispose();
        _metrics.Dispose();
    }

    private static LabelSet ReadLabels(string folder, int outputs)
    {
        return outputs >= 1 ? LabelSet.Read(folder, outputs) : throw new ReplicationException(
            $"{Path.Combine(folder, FileName)} does not tell how many outputs it has; export it again.");
    }

    private (int[] Ids, int FirstLength) Encode(TextInput text)
    {
        var characters = text.First.Length + (text.Second?.Length ?? 0);
        return characters <= _options.MaxCharacters ? _tokenizer.EncodePair(text.First, text.Second, _options.LengthFor(_longestInput)) : throw new ReplicationException(
            FormattableString.Invariant($"A text has {characters} characters where at most {_options.MaxCharacters} are taken; shorten it, or raise {nameof(BertClassifierOptions.MaxCharacters)}."));
    }

    // Neighbours in length share a batch, so that little of it is padding.
    private IEnumerable<(int[] Rows, (int[] Ids, int FirstLength)[] Encoded)> Batches(IReadOnlyList<TextInput> texts, CancellationToken cancellation)
    {
        var encoded = new (int[] Ids, int FirstLength)[texts.Count];
        for (var row = 0; row < encoded.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            encoded[row] = Encode(texts[row]);
        }
        foreach (var group in Enumerable.Range(0, encoded.Length).GroupBy(row => Padded(encoded[row])).OrderBy(group => group.Key))
            foreach (var rows in group.Chunk(Math.Max(1, _options.TokensPerBatch / group.Key)))
                yield return (rows, Array.ConvertAll(rows, row => encoded[row]));
    }

    private int Padded((int[] Ids, int FirstLength) row) => PaddedLength.Of(row.Ids.Length, _longestInput);

    private void Run((int[] Ids, int FirstLength)[] rows, RowReader read, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        _model.Run(rows, rows.Max(Padded), _tokenizer.Ids.Padding, Read, cancellation);
        _metrics.Report(rows.Length, rows.Sum(row => row.Ids.Length), start);

        void Read(int output, ReadOnlySpan<float> numbers)
        {
            var width = numbers.Length / rows.Length;
            for (var row = 0; row < rows.Length; row++)
                read(row, numbers.Slice(row * width, width));
        }
    }

    private delegate void RowReader(int row, ReadOnlySpan<float> logits);
}
