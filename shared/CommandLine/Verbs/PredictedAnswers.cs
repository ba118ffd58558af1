using System.Globalization;
using System.Text.Json;
using Replication.Glue.Squad;

namespace Replication.CommandLine.Verbs;

/// <summary>predict with a model that marks answers: a line is a question, a tab, and a passage.</summary>
internal static class PredictedAnswers
{
    public static void Write(
        IQuestionAnswerer answerer, AnswerSearch search, IEnumerable<IReadOnlyList<string>> batches, TextWriter output, bool json,
        CancellationToken cancellation)
    {
        // The answer comes last: the piece of the passage as it stands there may hold tabs.
        if (!json)
            output.WriteLine("probability\tstart\tanswer");
        var before = 0;
        foreach (var lines in batches)
        {
            QuestionInput[] questions = [.. lines.Select((line, i) => Question(line, before + i + 1))];
            foreach (var answer in answerer.AnswerAll(questions, search, cancellation))
                output.WriteLine(json ? ToJson(answer) : ToText(answer));
            output.Flush();
            before += lines.Count;
        }
    }

    /// <summary>
    /// The same for a file in SQuAD's form or the hub's, whose answers need not be known; each line begins with the question's id.
    /// </summary>
    public static void WriteFile(
        IQuestionAnswerer answerer, AnswerSearch search, string path, TextWriter output, bool json, CancellationToken cancellation)
    {
        var questions = SquadJson.Read(path, hasAnswers: false);
        SquadChecks.Questions(questions);
        if (!json)
            output.WriteLine("id\tprobability\tstart\tanswer");
        foreach (var (question, answer) in questions.Zip(
            answerer.AnswerAll([.. questions.Select(q => new QuestionInput(q.Question, q.Context))], search, cancellation)))
            output.WriteLine(json ? ToJson(answer, question.Id) : $"{question.Id}\t{ToText(answer)}");
        output.Flush();
    }

    private static QuestionInput Question(string line, int number) => line.Split('\t', 2) is [var question, var passage]
        ? new QuestionInput(question, passage)
        : throw new ReplicationException($"Line {number}: no tab; a question and its passage with a tab between them were expected.");

    private static string ToText(AnswerPrediction answer) =>
        string.Create(CultureInfo.InvariantCulture, $"{answer.Probability:0.0000}\t{answer.Start}\t{answer.Text}");

    private static string ToJson(AnswerPrediction answer, string? id = null) => JsonSerializer.Serialize(
        new { Id = id, Answer = answer.Text, answer.Start, answer.Probability, answer.NullScore,
            Best = answer.Best.Select(span => new { span.Text, span.Start, span.Score, span.Probability }) },
        Json.Compact);
}
