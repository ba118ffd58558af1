using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Replication.Inference;

/// <summary>
/// A classifier or scorer of texts in a folder that 'export --format onnx' has written, run by ONNX Runtime. All methods may be
/// called by several threads at once; a call uses <see cref="BertModelOptions.Threads"/> threads. What a text is
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

    internal const string Output = "logits";

    // What the papers' tasks are trained with.
    private const int UsualLength = 128;

    // Texts that a stream takes together at most.
    private const int StreamBatch = 32;

    private readonly TextModel _model;
    private readonly LabelSet _labels;
    private readonly int _maxLength;

    private BertClassifier(TextModel model, LabelSet labels, int maxLength) => (_model, _labels, _maxLength) = (model, labels, maxLength);

    /// <inheritdoc/>
    public IReadOnlyList<string> Labels => _labels.Labels;

    /// <summary>Opens a folder: model.onnx, config.json and the tokenizer's files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <param name="meters">Where its metrics are made; null for a meter of its own.</param>
    /// <exception cref="ReplicationException">A file is missing, damaged or does not fit the others, or an option is out of its
    /// range.</exception>
    public static BertClassifier Open(string folder, BertClassifierOptions? options = null, IMeterFactory? meters = null)
    {
        options ??= new BertClassifierOptions();
        var model = TextModel.Open(folder, options, meters, Output);
        try
        {
            return new BertClassifier(
                model, ReadLabels(folder, model.Width(Output)), options.MaxLength ?? Math.Min(UsualLength, model.LongestInput));
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
        _model.Run([Encode(new TextInput(first, second))], (_, _, logits) => prediction = _labels.ToPrediction(logits), cancellation);
        return prediction!;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default)
    {
        var predictions = new Prediction[texts.Count];
        _model.Run(EncodeAll(texts, cancellation), (row, _, logits) => predictions[row] = _labels.ToPrediction(logits), cancellation);
        return predictions;
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> Logits(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default)
    {
        var all = new float[texts.Count][];
        _model.Run(EncodeAll(texts, cancellation), (row, _, logits) => all[row] = logits.ToArray(), cancellation);
        return all;
    }

    /// <summary>
    /// Labels texts as they come, in their order: those that are there already together, and the rest when it comes, so that a
    /// slow source is answered at once and a fast one in batches. The work is done on threads of the pool. A source must not block
    /// while it waits, as <see cref="Console.In"/> does even in its asynchronous calls: answers would wait with it. A caller who leaves
    /// early cancels the source's own token, and a source that waits on all the same is freed when its wait ends.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ReplicationException">A text is too long, or the model's outputs are not numbers.</exception>
    public async IAsyncEnumerable<Prediction> PredictAsync(
        IAsyncEnumerable<TextInput> texts, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var source = texts.GetAsyncEnumerator(ended.Token);
        var next = source.MoveNextAsync().AsTask();
        try
        {
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
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            var freed = FreeAsync(source, next);
            if (next.IsCompleted)
                await freed.ConfigureAwait(false);
        }
    }

    // A source may not be freed while it waits, for a line that may never come; nobody waits with it.
    private static async Task FreeAsync(IAsyncEnumerator<TextInput> source, Task waiting)
    {
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await source.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Frees the model. Calls that are under way must have ended.</summary>
    public void Dispose() => _model.Dispose();

    private static LabelSet ReadLabels(string folder, int outputs) =>
        outputs >= 1 ? LabelSet.Read(folder, outputs) : throw new ReplicationException(
        $"{Path.Combine(folder, TextModel.FileName)} does not tell how many outputs it has; export it again.");

    private (int[] Ids, int FirstLength)[] EncodeAll(IReadOnlyList<TextInput> texts, CancellationToken cancellation)
    {
        var encoded = new (int[] Ids, int FirstLength)[texts.Count];
        for (var row = 0; row < encoded.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            encoded[row] = Encode(texts[row]);
        }
        return encoded;
    }

    private (int[] Ids, int FirstLength) Encode(TextInput text)
    {
        _model.CheckCharacters(text.First.Length + (text.Second?.Length ?? 0));
        return _model.Tokenizer.EncodePair(text.First, text.Second, _maxLength);
    }
}
