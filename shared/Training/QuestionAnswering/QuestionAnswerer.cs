using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue.Squad;
using Replication.Training;
using TorchSharp;

namespace Replication;

/// <summary>A trained model that answers questions with pieces of a passage.</summary>
/// <example><code>
/// using var answerer = QuestionAnswerer.Open("my-model");
/// Console.WriteLine(answerer.Answer("Who built the mill?", passage).Text);
/// </code></example>
public sealed class QuestionAnswerer : IQuestionAnswerer
{
    private readonly BertForQuestionAnswering _model;
    private readonly TextTokenizer _pieces;
    private readonly Windowing _windowing;
    private readonly torch.Device _device;

    private QuestionAnswerer(BertForQuestionAnswering model, TextTokenizer pieces, Windowing windowing, torch.Device device) =>
        (_model, _pieces, _windowing, _device) = (model, pieces, windowing, device);

    /// <summary>Opens a folder in Hugging Face's layout.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="windowing">How long passages are cut; null for windows of 384 tokens, or as many as the model takes.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, the model marks no answers, or the windows are longer than its
    /// positions.</exception>
    public static QuestionAnswerer Open(string folder, Windowing? windowing = null, string device = "cpu")
    {
        var longest = ModelFolder.LongestInput(folder);
        if (!ModelFolder.HasAnswerHead(folder))
            throw new ReplicationException($"The model in {folder} marks no answers: it has no qa_outputs; fine-tune it on SQuAD first.");
        if (windowing?.MaxLength > longest)
            throw new ReplicationException(
                $"Windows of {windowing.MaxLength} tokens are longer than the {longest} that the model in {folder} takes; choose shorter "
                + $"ones.", ReplicationException.UsageError);
        var pieces = ModelFolder.OpenTokenizer(folder);
        var target = new torch.Device(device);
        var model = ModelFolder.OpenQuestionAnswering(folder);
        model.to(target);
        return new QuestionAnswerer(model, pieces, (windowing ?? new Windowing()).Fit(longest), target);
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
        SquadQuestion[] asked = [.. questions.Select(question => new SquadQuestion("", "", "", question.Passage, question.Question, []))];
        var windows = SquadEncoder.Encode(asked, _pieces, _windowing);
        return SpanEvaluator.Answer(
            _model, asked, windows, _pieces.Ids.Padding, search ?? new AnswerSearch(), _device, cancellation,
            done => onWindows?.Invoke(done, windows.Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
