namespace Replication.Glue.Squad;

/// <summary>Reads SQuAD in the hub's layout: id, title, context, question, and answers with lists text and answer_start.</summary>
internal static class SquadParquet
{
    /// <summary>The questions of some files, one after the other.</summary>
    /// <exception cref="ReplicationException">Malformed: the message names file and row.</exception>
    public static IReadOnlyList<SquadQuestion> Read(IReadOnlyList<string> paths)
    {
        var questions = new List<SquadQuestion>();
        foreach (var path in paths)
        {
            using var file = ParquetFile.Open(path);
            var columns = new ParquetColumns(file, path);
            var (first, texts, starts) = (questions.Count, file.ColumnOfLists("answers.text"), file.ColumnOfLists("answers.answer_start"));
            for (var group = 0; group < file.Groups; group++)
            {
                var before = questions.Count - first;
                List<string> Texts(string name) => [.. columns.Texts(group, file.Column(name), before)];
                var (ids, titles, contexts, asked) = (Texts("id"), Texts("title"), Texts("context"), Texts("question"));
                var places = columns.NumberLists(group, starts, before).ToList();
                foreach (var (row, answers) in columns.TextLists(group, texts, before).Index().ToList())
                {
                    var place = $"{path}, row {before + row + 1} (id {ids[row]})";
                    if (answers.Count != places[row].Count)
                        throw new ReplicationException($"{place}: {answers.Count} texts of answers with {places[row].Count} places.");
                    // Rows on one passage are neighbours, and share its string.
                    var context = questions.Count > 0 && questions[^1].Context == contexts[row] ? questions[^1].Context : contexts[row];
                    questions.Add(new SquadQuestion(
                        place, ids[row], titles[row], context, asked[row],
                        [.. answers.Zip(places[row], (text, start) => new SquadAnswer(text, start))]));
                }
            }
        }
        return questions;
    }
}
