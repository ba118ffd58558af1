namespace Replication.Glue.Race;

/// <summary>Reads RACE in the hub's layout: example_id, article, question, options, answer; a row a question.</summary>
internal static class RaceParquet
{
    /// <summary>The questions of some files, one after the other.</summary>
    /// <exception cref="ReplicationException">Malformed: the message names file and row.</exception>
    public static List<RaceQuestion> Read(IReadOnlyList<string> paths)
    {
        var questions = new List<RaceQuestion>();
        foreach (var path in paths)
        {
            using var file = ParquetFile.Open(path);
            var columns = new ParquetColumns(file, path);
            var (first, options) = (questions.Count, file.ColumnOfLists("options"));
            for (var group = 0; group < file.Groups; group++)
            {
                var before = questions.Count - first;
                List<string> Texts(string name) => [.. columns.Texts(group, file.Column(name), before)];
                var (ids, articles, texts, answers) = (Texts("example_id"), Texts("article"), Texts("question"), Texts("answer"));
                foreach (var (row, ofRow) in columns.TextLists(group, options, before).Index().ToList())
                    questions.Add(
                        Question($"{path}, row {before + row + 1}", ids[row], articles[row], texts[row], ofRow, answers[row],
                        questions.LastOrDefault()));
            }
        }
        return questions;
    }

    // Questions on one passage are neighbours.
    private static RaceQuestion Question(
        string place, string id, string article, string question, IReadOnlyList<string> options, string answer, RaceQuestion? before) =>
            new(
        place, id, before?.File == id ? before.Number + 1 : 0, Level(id, place), article, question, RacePassage.Options(options, place),
        RacePassage.Answer(answer, place));

    private static RaceLevel Level(string id, string place) => id switch
    {
        _ when id.StartsWith("middle", StringComparison.Ordinal) => RaceLevel.Middle,
        _ when id.StartsWith("high", StringComparison.Ordinal) => RaceLevel.High,
        _ => throw new ReplicationException($"{place}: example_id is '{id}'; it should begin with middle or high."),
    };
}
