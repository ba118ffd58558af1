using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Replication.Bert;
using Replication.Bert.Tokenization;

namespace Replication.Inference;

/// <summary>
/// An exported folder: the model in ONNX Runtime with its tokenizer. What every kind of model does alike; safe for use by several threads.
/// </summary>
internal sealed class TextModel : IDisposable
{
    /// <summary>The model's file in its folder.</summary>
    public const string FileName = "model.onnx";

    private readonly OnnxModel _model;
    private readonly BertModelOptions _options;
    private readonly ClassifierMetrics _metrics;
    private readonly int _positions;

    private TextModel(
        OnnxModel model, TextTokenizer tokenizer, BertModelOptions options, ClassifierMetrics metrics, int positions, int longestInput) =>
        (_model, Tokenizer, _options, _metrics, _positions, LongestInput) = (model, tokenizer, options, metrics, positions, longestInput);

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Most tokens of a text: the model's positions, or its tokenizer's model_max_length, whichever is less.</summary>
    public int LongestInput { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="meters">Where its metrics are made; null for a meter of its own.</param>
    /// <param name="outputs">The outputs that are read, by name.</param>
    /// <exception cref="ReplicationException">A file is missing, damaged or does not fit the others, or an option is out of its
    /// range.</exception>
    public static TextModel Open(string folder, BertModelOptions options, IMeterFactory? meters, params string[] outputs)
    {
        var config = ConfigReader.ReadGeometry(folder);
        var longest = TokenizerFolder.LongestInput(folder, config);
        options.Validate(longest);
        var tokenizer = TokenizerFolder.Open(folder, config);
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        var model = OnnxModel.Open(Path.Combine(folder, FileName), threads, outputs);
        return new TextModel(model, tokenizer, options, new ClassifierMetrics(meters), config.LongestInput, longest);
    }

    /// <summary>Numbers of an output for each text or token, as the file has it; -1 where it does not tell.</summary>
    public int Width(string output) => _model.Width(output);

    /// <summary>Refuses a text that is too long.</summary>
    /// <param name="characters">Its UTF-16 units.</param>
    /// <exception cref="ReplicationException">It is.</exception>
    public void CheckCharacters(int characters)
    {
        if (characters > _options.MaxCharacters)
            throw new ReplicationException(string.Create(CultureInfo.InvariantCulture,
                $"A text has {characters} characters where at most {_options.MaxCharacters} are taken; shorten it, or raise "
                    + $"{nameof(BertModelOptions.MaxCharacters)}."));
    }

    /// <summary>Runs texts in batches; neighbours in length share one, so that little of it is padding.</summary>
    /// <param name="texts">Ids of each text and how many of them have token type 0.</param>
    /// <param name="read">Is given each text's numbers of each output.</param>
    /// <param name="cancellation">Stops between two batches, and ends a run.</param>
    public void Run(IReadOnlyList<(int[] Ids, int FirstLength)> texts, RowReader read, CancellationToken cancellation)
    {
        if (texts.Count == 1)
        {
            Run([0], Padded(texts[0]));
            return;
        }
        foreach (var group in Enumerable.Range(0, texts.Count).GroupBy(row => Padded(texts[row])).OrderBy(group => group.Key))
            foreach (var rows in group.Chunk(Math.Max(1, _options.TokensPerBatch / group.Key)))
                Run(rows, group.Key);

        void Run(int[] rows, int length)
        {
            var start = Stopwatch.GetTimestamp();
            _model.Run(Array.ConvertAll(rows, row => texts[row]), length, Tokenizer.Ids.Padding, Read, cancellation);
            _metrics.Report(rows.Length, rows.Sum(row => texts[row].Ids.Length), start);

            void Read(int output, ReadOnlySpan<float> numbers)
            {
                var width = numbers.Length / rows.Length;
                for (var row = 0; row < rows.Length; row++)
                    read(rows[row], output, numbers.Slice(row * width, width));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _metrics.Dispose();
    }

    private int Padded((int[] Ids, int FirstLength) text) => PaddedLength.Of(text.Ids.Length, _positions);

    /// <summary>Takes a text's numbers of an output.</summary>
    public delegate void RowReader(int row, int output, ReadOnlySpan<float> numbers);
}
