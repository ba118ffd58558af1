using System.Text.Json;
using Replication.Glue;
using Replication.Glue.Squad;

namespace Replication.Tests.Glue.Squad;

[Category("Golden")]
public sealed class SquadGoldenTests
{
    [Test]
    public void Encode_BothForms_WindowsAndMarksAreTheReferences()
    {
        var (tokenizer, data) = (SquadGolden.Tokenizer(), SquadGolden.Data().Squad(SquadVersion.V1, SquadSplit.Dev));
        var questions = data.Questions.ToDictionary(question => question.Id);
        Assert.Multiple(() =>
        {
            foreach (var row in SquadGolden.Part("windows").EnumerateArray())
            {
                var question = questions[row.GetProperty("id").GetString()!];
                var form = row.GetProperty("form").GetString() == "step128" ? WindowForm.Step : WindowForm.Overlap;
                var windowing = new Windowing(row.GetProperty("max_length").GetInt32(), 128, form);

                var windows = SquadEncoder.Encode([question], tokenizer, windowing, marksAnswers: true);

                var expected = row.GetProperty("windows").EnumerateArray().ToArray();
                Assert.That(windows.Select(window => window.InputIds),
                    Is.EqualTo(expected.Select(window => SquadGolden.Integers(window, "input_ids"))), question.Id);
                Assert.That(windows.Select(window => Shape(question, window)), Is.EqualTo(expected.Select(Shape)),
                    $"{question.Id} {windowing}");
            }
        });
    }

    [Test]
    public void Find_GivenLogits_AnswersAreTheReferences()
    {
        var tokenizer = SquadGolden.Tokenizer();
        Assert.Multiple(() =>
        {
            foreach (var row in SquadGolden.Part("spans").EnumerateArray())
            {
                var context = row.GetProperty("context").GetString()!;
                var question = new SquadQuestion("", "", "", context, row.GetProperty("question").GetString()!, []);
                var windows = SquadEncoder.Encode(
                    [question], tokenizer, new Windowing(row.GetProperty("max_length").GetInt32(), row.GetProperty("step").GetInt32()));
                var search = new AnswerSearch(row.GetProperty("n_best").GetInt32(), row.GetProperty("max_answer_tokens").GetInt32());

                var found = AnswerSpans.Find(
                    context, windows, SquadGolden.Rows(row, "start_logits"), SquadGolden.Rows(row, "end_logits"), search);

                Assert.That(found.Text, Is.EqualTo(row.GetProperty("best").GetString()), question.Question);
                Assert.That(found.Best[0].Score, Is.EqualTo(row.GetProperty("best_score").GetDouble()).Within(2e-3), question.Question);
                Assert.That(found.NullScore, Is.EqualTo(row.GetProperty("null_score").GetDouble()).Within(2e-3), question.Question);
                Assert.That(found.Best.Take(5).Select(span => span.Text),
                    Is.EqualTo(row.GetProperty("top5").EnumerateArray().Select(text => text.GetString())), question.Question);
            }
        });
    }

    [Test]
    public void Score_AnswersOfAllKinds_AreTheOfficialScripts()
    {
        // A test that is left out must be so before its assertions are gathered.
        var answers = SquadGolden.Part("answers");
        Assert.Multiple(() =>
        {
            foreach (var row in answers.EnumerateArray())
            {
                var (said, right) = (row.GetProperty(
                    "prediction").GetString()!, row.GetProperty("answers").EnumerateArray().Select(a => a.GetString()!).ToArray());
                AssertScore(SquadScorer.Score(SquadVersion.V1, said, right), row, "exact_match", "f1");
                AssertScore(SquadScorer.Score(SquadVersion.V2, said, right), row, "v2_exact", "v2_f1");
            }
        });

        void AssertScore(AnswerScore score, JsonElement row, string exact, string f1)
        {
            Assert.That(100 * score.Exact, Is.EqualTo(row.GetProperty(exact).GetDouble()), $"{row}");
            Assert.That(100 * score.F1, Is.EqualTo(row.GetProperty(f1).GetDouble()).Within(1e-3), $"{row}");
        }
    }

    [Test]
    public void Score_CaseOfArticlesAndMarks_IsThatOfEachScript()
    {
        var predictions = SquadPredictions.Read(GoldenFiles.Require("../cases/squad-scores/predictions.json"));
        var all = TaskSource.Squad(SquadVersion.V2, GoldenFiles.Require("../cases/squad-scores/questions.json"));
        var answered = all with { Version = SquadVersion.V1, Questions = [.. all.Questions.Where(question => question.Answers.Count > 0)] };
        using var right = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("../cases/squad-scores/right.json")));

        var (first, second) = (SquadScorer.Score(answered, predictions), SquadScorer.Score(all, predictions));

        Assert.Multiple(() =>
        {
            Assert.That(100 * first[SquadScorer.ExactMatch], Is.EqualTo(50.0).Within(1e-4));
            Assert.That(100 * first[SquadScorer.F1Name], Is.EqualTo(37.7551).Within(1e-4));
            Assert.That(100 * second[SquadScorer.ExactMatch], Is.EqualTo(51.6129).Within(1e-4));
            Assert.That(100 * second[SquadScorer.F1Name], Is.EqualTo(56.682).Within(1e-4));
            foreach (var row in right.RootElement.GetProperty("SQuAD 2.0 (exact, f1)").EnumerateObject())
            {
                var question = all.Questions.Single(question => question.Id == row.Name);
                var score = SquadScorer.Score(
                    SquadVersion.V2, predictions.GetValueOrDefault(row.Name, ""), [.. question.Answers.Select(answer => answer.Text)]);
                Assert.That(100 * score.F1, Is.EqualTo(row.Value[1].GetDouble()).Within(1e-4), row.Name);
            }
        });
    }

    private static (int, int, int, int, int, int) Shape(SquadQuestion question, AnswerWindow window) => (
        window.ContextFirst, window.ContextLast, CodePoints.Before(question.Context, window.Places[0].Start),
        CodePoints.Before(question.Context, window.Places[^1].End),
        window.Start, window.End);

    private static (int, int, int, int, int, int) Shape(JsonElement window)
    {
        int Number(string name) => window.GetProperty(name).GetInt32();
        return (Number("context_first"), Number("context_last"), Number("char_first"), Number("char_last"), Number("start"), Number("end"));
    }
}
