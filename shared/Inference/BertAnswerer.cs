using System.Diagnostics.Metrics;
using Replication.Bert;

namespace Replication.Inference;

/// <summary>
/// A model for question answering in a folder that 'export --format onnx' has written, run by ONNX Runtime. All methods may be
/// called by several threads at once. Where an answer begins is told in code points and in UTF-16 units
/// (<see cref="AnswerPrediction.Utf16Start"/>).
/// </summary>
/// <example><code>
/// using IQuestionAnswerer answerer = BertAnswerer.Open("my-model");
/// Console.WriteLine(answerer.Answer("Who built the mill?", passage).Text);
/// </code></example>
public sealed class BertAnswerer : IQuestionAnswerer
{
    internal static readonly string[] Outputs = ["start_logits", "end_logits"];

    private readonly TextModel _model;
    private readonly Windowing _windowing;

    private BertAnswerer(TextModel model, Windowing windowing) => (_model, _windowing) = (model, windowing);

    /// <summary>Opens a folder: model.onnx, config.json and the tokenizer's files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <param name="meters">Where its metrics are made; null for a meter of its own.</param>
    /// <exception cref="ReplicationException">A file is missing, damaged or does not fit the others, or an option is out of its
    /// range.</exception>
    public static BertAnswerer Open(string folder, BertAnswererOptions? options = null, IMeterFactory? meters = null)
    {
        options ??= new BertAnswererOptions();
        var model = TextModel.Open(folder, options, meters, Outputs);
        try
        {
            var windowing = (options.Windowing ?? new Windowing()).Fit(model.LongestInput);
            windowing.Check(model.Tokenizer);
            return new BertAnswerer(model, windowing);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public AnswerPrediction Answer(
        string question, string passage, AnswerSearch? search = null, CancellationToken cancellation = default) =>
        AnswerAll([new QuestionInput(question, passage)], search, cancellation)[0];

    /// <inheritdoc/>
    public IReadOnlyList<AnswerPrediction> AnswerAll(
        IReadOnlyList<QuestionInput> questions, AnswerSearch? search = null, CancellationToken cancellation = default,
        Action<int, int>? onWindows = null)
    {
        var windows = new List<AnswerWindow>[questions.Count];
        foreach (var (i, (question, passage)) in questions.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            _model.CheckCharacters(question.Length + passage.Length);
            windows[i] = [.. _windowing.Cut(i, _model.Tokenizer.Encode(question), _model.Tokenizer.Locate(passage), _model.Tokenizer)];
        }
        AnswerWindow[] all = [.. windows.SelectMany(ofQuestion => ofQuestion)];
        var marks = Array.ConvertAll(Outputs, _ => new float[all.Length][]);
        var done = 0;
        _model.Run(
            Array.ConvertAll(all, window => (window.InputIds, window.FirstLength)),
            (row, output, numbers) =>
            {
                marks[output][row] = Finite(numbers[..all[row].InputIds.Length]);
                if (output == 0)
                    onWindows?.Invoke(++done, all.Length);
            },
            cancellation);
        var answers = new AnswerPrediction[questions.Count];
        var first = 0;
        for (var i = 0; i < answers.Length; i++)
        {
            var rows = first..(first += windows[i].Count);
            answers[i] = AnswerSpans.Find(questions[i].Passage, windows[i], marks[0][rows], marks[1][rows], search ?? new AnswerSearch());
        }
        return answers;
    }

    /// <summary>Frees the model. Calls that are under way must have ended.</summary>
    public void Dispose() => _model.Dispose();

    private static float[] Finite(ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
            LabelSet.CheckFinite(number);
        return numbers.ToArray();
    }
}
