using System.Globalization;
using System.Text.Json;
using Replication.Glue.Race;

namespace Replication.CommandLine.Verbs;

/// <summary>
/// predict with a model for multiple choice: a line is a passage, a question, which may have a blank "_", and options, with tabs between
/// them.
/// </summary>
internal static class PredictedChoices
{
    public static void Write(
        IChoiceClassifier chooser, IEnumerable<IReadOnlyList<string>> batches, TextWriter output, bool json, CancellationToken cancellation)
    {
        if (!json)
            output.WriteLine("option\tprobabilities");
        var before = 0;
        foreach (var lines in batches)
        {
            ChoiceQuestion[] questions = [.. lines.Select((line, i) => Question(line, before + i + 1))];
            foreach (var probabilities in chooser.PredictBatch(questions, cancellation))
                output.WriteLine(json ? ToJson(probabilities) : ToText(probabilities));
            output.Flush();
            before += lines.Count;
        }
    }

    private static ChoiceQuestion Question(string line, int number) =>
        line.Split('\t') is [var passage, var question, .. { Length: >= 2 } options]
        ? new ChoiceQuestion(passage, [.. options.Select(option => RaceQuestion.WithOption(question, option))])
        : throw new ReplicationException(
            $"Line {number}: a passage, a question and two or more options with tabs between them were expected.");

    private static string ToText(IReadOnlyList<double> probabilities) =>
        $"{Letter(probabilities)}\t{string.Join('\t', probabilities.Select(p => p.ToString("0.0000", CultureInfo.InvariantCulture)))}";

    private static string ToJson(IReadOnlyList<double> probabilities) =>
        JsonSerializer.Serialize(new { Option = Letter(probabilities), Probabilities = probabilities }, Json.Compact);

    // The first of equal ones; after Z come numbers.
    private static string Letter(IReadOnlyList<double> probabilities)
    {
        var best = probabilities.ToList().IndexOf(probabilities.Max());
        return best < 26 ? ((char)('A' + best)).ToString() : (best + 1).ToString(CultureInfo.InvariantCulture);
    }
}
