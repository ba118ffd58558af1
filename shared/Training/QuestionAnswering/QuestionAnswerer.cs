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
public sealed class QuestionAnswerer : IDisposable
{
    private readonly BertForQuestionAnswering _model;
    private readonly TextTokenizer _pieces;
    private readonly Windowing _windowing;
    private readonly torch.Device _device;

    private QuestionAnswerer(BertForQuestionAnswering model, TextTokenizer pieces, Windowing windowing, torch.Device device) =>
        (_model, _pieces, _windowing, _device) = (model, pieces, windowing, device);

    /// <summary>Opens a folder in Hugging Face's layout.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="windowing">How long passages are cut; null for windows of 384 tokens, or as many as the model has positions.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, the model marks no answers, or the windows are longer than its
    /// positions.</exception>
    public static QuestionAnswerer Open(string folder, Windowing? windowing = null, string device = "cpu")
    {
        var longest = ModelFolder.ReadConfig(folder).LongestInput;
        if (!ModelFolder.HasAnswerHead(folder))
            throw new ReplicationException($"The model in {folder} marks no answers: it has no qa_outputs; fine-tune it on SQuAD first.");
        if (windowing?.MaxLength > longest)
            throw new ReplicationException(
                $"Windows of {windowing.MaxLength} tokens are longer than the {longest} positions of the model in {folder}; choose "
                + $"shorter ones.", ReplicationException.UsageError);
        var pieces = ModelFolder.OpenTokenizer(folder);
        var target = new torch.Device(device);
        var model = ModelFolder.OpenQuestionAnswering(folder);
        model.to(target);
        return new QuestionAnswerer(model, pieces, SquadEncoder.Fit(windowing ?? new Windowing(), longest), target);
    }

    /// <summary>Answers a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="passage">The passage; the answer is a piece of it, as it stands there.</param>
    /// <param name="search">How answers are searched for; null for one wherever the passage has any admissible piece.</param>
    public AnswerPrediction Answer(string question, string passage, AnswerSearch? search = null) =>
        AnswerAll([new SquadQuestion("", "", "", passage, question, [])], search ?? new AnswerSearch())[0];

    /// <summary>Answers many questions at once, which is faster; the results are in their order.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="search">How answers are searched for.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="onWindows">Hears how many windows of how many are done.</param>
    public IReadOnlyList<AnswerPrediction> AnswerAll(
        IReadOnlyList<SquadQuestion> questions, AnswerSearch search, CancellationToken cancellation = default,
        Action<int, int>? onWindows = null)
    {
        var windows = SquadEncoder.Encode(questions, _pieces, _windowing);
        return SpanEvaluator.Answer(
            _model, questions, windows, _pieces.Ids.Padding, search, _device, cancellation, done => onWindows?.Invoke(done, windows.Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
