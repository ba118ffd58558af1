using System.Globalization;

namespace Replication.Glue.Imdb;

/// <summary>
/// Finds and reads IMDb's film reviews (Maas et al., 2011): the authors' folder aclImdb, its tar.gz, or the hub's Parquet. Reviews
/// without a label (unsup), lists of addresses and hidden files are left alone. There is no dev set: the test set is measured.
/// </summary>
internal static class ImdbFiles
{
    /// <summary>The name of the archive that the authors hand out.</summary>
    public const string Archive = "aclImdb_v1.tar.gz";

    private const string Root = "aclImdb";

    // In the order of the labels.
    private static readonly string[] Classes = ["neg", "pos"];

    private static readonly string[] Names = ["IMDb", "imdb"];

    /// <summary>Where a split is; null where it is missing.</summary>
    public static TaskPlace? Find(DataFolders folders, GlueSplit split) => TaskPlace.Find(
        folders,
        root => Names.Select(name => Path.Combine(root, name))
            .Prepend(root).SelectMany(folder => new[] { folder, Path.Combine(folder, Root) }).Where(folder => HasReviews(folder, split))
            .Concat(Names.Select(name => Path.Combine(root, name)).Prepend(root).Select(folder => Path.Combine(folder, Archive))),
        root => Names.SelectMany(name => new[] { Path.Combine(root, name), Path.Combine(root, name, "plain_text") })
            .Select(folder => (folder, Name(split))));

    /// <summary>
    /// The reviews of a split, a negative and a positive one in turn, so that the first rows are a fair share of both; within a
    /// class by their numbers, or in the order of the Parquet file.
    /// </summary>
    /// <exception cref="ReplicationException">A review is empty or no UTF-8, or a file is cut off; the message names it.</exception>
    public static List<GlueExample> Read(TaskPlace place, GlueSplit split)
    {
        var reviews = place.IsParquet ? OfParquet(place.Paths) : OfText(place.Paths[0], split);
        return [.. reviews.GroupBy(review => review.Label)
            .SelectMany(ofClass => ofClass.Index()).OrderBy(review => review.Index).ThenBy(review => review.Item.Label)
            .Select((review, row) => new GlueExample(row, review.Item.Text, Sentence2: null, review.Item.Label))];
    }

    private static string Name(GlueSplit split) => split == GlueSplit.Train ? "train" : "test";

    private static bool HasReviews(string folder, GlueSplit split) =>
        Classes.All(name => Directory.Exists(Path.Combine(folder, Name(split), name)));

    private static List<(string Text, int Label)> OfText(string path, GlueSplit split)
    {
        List<(string, int Label)> reviews = [.. TextTree.Read(
            path, Root, name => name.Split(
            '/') is [var part, var label, var file] && part == Name(split) && Classes.Contains(label) && IsReview(file))
            .OrderBy(file => Number(file.Name))
            .Select(file => (Text(file.Text, file.Place), Array.IndexOf(Classes, file.Name.Split('/')[1])))];
        foreach (var (label, name) in Classes.Index())
            if (reviews.TrueForAll(review => review.Label != label))
                throw new ReplicationException($"{path} holds no reviews in {Name(split)}/{name}; not all of it is here, so get it again.");
        return reviews;
    }

    private static List<(string Text, int Label)> OfParquet(IReadOnlyList<string> paths)
    {
        var reviews = new List<(string, int)>();
        foreach (var path in paths)
        {
            using var file = ParquetFile.Open(path);
            var columns = new ParquetColumns(file, path, GlueTasks.Imdb);
            var (first, text, label) = (reviews.Count, file.Column("text"), file.Column("label"));
            for (var group = 0; group < file.Groups; group++)
            {
                var before = reviews.Count - first;
                reviews.AddRange(columns.Texts(group, text, before).Zip(columns.Labels(group, label, before))
                    .Select((row, i) => (Text(row.First, $"{path}, row {before + i + 1}"), (int)row.Second)).ToList());
            }
        }
        return reviews;
    }

    private static string Text(string text, string place) => !string.IsNullOrWhiteSpace(text) ? text
        : throw new ReplicationException($"{place}: a review without text; get it again.");

    private static bool IsReview(string file) => file.EndsWith(".txt", StringComparison.Ordinal) && !file.StartsWith('.');

    // 127_10.txt is review 127, rated 10; what is named otherwise comes last, by its name.
    private static long Number(string name) =>
        long.TryParse(Path.GetFileName(name).Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : long.MaxValue;
}
