using Replication.Bert;
using Replication.Glue;
using Replication.Glue.Squad;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>Runs a model over windows of passages and finds its answers.</summary>
internal static class SpanEvaluator
{
    /// <summary>The answer to each question, by its position in the data.</summary>
    /// <param name="model">The model.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="windows">Their windows, those of a question together, in order.</param>
    /// <param name="paddingId">The id of padding.</param>
    /// <param name="search">How answers are searched for.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <param name="onRows">Called after each batch with the number of windows done.</param>
    /// <exception cref="ReplicationException">An output is not a finite number.</exception>
    public static IReadOnlyList<AnswerPrediction> Answer(
        BertForQuestionAnswering model, IReadOnlyList<SquadQuestion> questions, IReadOnlyList<AnswerWindow> windows, int paddingId,
        AnswerSearch search, Device device,
        CancellationToken cancellation = default, Action<int>? onRows = null)
    {
        var (starts, ends) = Logits(model, windows, paddingId, device, cancellation, onRows);
        var answers = new AnswerPrediction[questions.Count];
        foreach (var group in Enumerable.Range(0, windows.Count).GroupBy(window => windows[window].Question))
        {
            int[] own = [.. group];
            answers[group.Key] = AnswerSpans.Find(
                questions[group.Key].Context, Array.ConvertAll(own, i => windows[i]), Array.ConvertAll(own, i => starts[i]),
                Array.ConvertAll(own, i => ends[i]), search);
        }
        return answers;
    }

    /// <summary>Start and end logits of each window, one per token.</summary>
    /// <inheritdoc cref="Answer" path="/param"/>
    public static (IReadOnlyList<float[]> Starts, IReadOnlyList<float[]> Ends) Logits(
        BertForQuestionAnswering model, IReadOnlyList<AnswerWindow> windows, int paddingId, Device device,
        CancellationToken cancellation = default, Action<int>? onRows = null)
    {
        var (starts, ends) = (new float[windows.Count][], new float[windows.Count][]);
        Evaluator.Run(
            model, model.Encoder, Evaluator.BatchesByLength([.. windows.Select(window => window.InputIds.Length)]), cancellation, onRows,
            rows =>
        {
            using var tokens = GlueBatch.Tokenised(
                [.. rows.Select(row => new EncodedText(windows[row].InputIds, windows[row].FirstLength))], paddingId, device);
            var output = model.forward(tokens, EncoderOutputs.None);
            Take(output.Start, rows, starts);
            Take(output.End, rows, ends);
        });
        return (starts, ends);

        void Take(Tensor logits, int[] rows, float[][] into)
        {
            var (values, length) = (logits.cpu().contiguous().data<float>().ToArray(), (int)logits.shape[1]);
            for (var i = 0; i < rows.Length; i++)
            {
                into[rows[i]] = values[(i * length)..((i * length) + windows[rows[i]].InputIds.Length)];
                if (into[rows[i]].Any(value => !float.IsFinite(value)))
                    throw new ReplicationException(
                        "The model's outputs are not finite numbers; its training diverged, or its weights are damaged.");
            }
        }
    }
}
