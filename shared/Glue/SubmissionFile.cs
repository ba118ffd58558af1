using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Replication.Glue;

/// <summary>Files for GLUE's server: one TSV a task with a prediction for every row of the hidden test set, zipped together.</summary>
public static class SubmissionFile
{
    private const string Header = "index\tprediction";

    /// <summary>The file's name on the server, such as SST-2.tsv or MNLI-mm.tsv.</summary>
    /// <exception cref="ReplicationException">The split is not a test set.</exception>
    public static string Name(GlueTask task, GlueSplit split)
    {
        if (!GlueTasks.IsHidden(split) || !GlueTasks.Splits(task).Contains(split))
            throw new ReplicationException(
                $"GLUE's server takes no predictions for the {GlueCatalog.Describe(split)} of {task}; only test sets are scored there.");
        var suffix = task.Name != GlueTasks.Mnli.Name ? "" : split == GlueSplit.Test ? "-m" : "-mm";
        return $"{task.Name}{suffix}.tsv";
    }

    /// <summary>Writes a task's file into a folder.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">Its test set.</param>
    /// <param name="predictions">Class indices or scores in file order, as <see cref="GlueScorer.Predictions"/> gives them.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="ReplicationException">The number of predictions is not that of the test set's rows, or one is no label.</exception>
    public static string Write(GlueTask task, GlueSplit split, IReadOnlyList<float> predictions, string folder)
    {
        var path = Path.Combine(folder, Name(task, split));
        var rows = GlueCatalog.Entry(task, split).Rows;
        if (predictions.Count != rows)
            throw new ReplicationException(
                $"There are {predictions.Count} predictions where {Path.GetFileName(path)} needs {rows}, one for each row of the "
                + $"{GlueCatalog.Describe(split)} of {task}.");
        var text = new StringBuilder(Header).Append('\n');
        for (var row = 0; row < rows; row++)
            text.Append(CultureInfo.InvariantCulture, $"{row}\t{Text(task, predictions[row], row)}\n");
        AtomicFile.WriteText(path, text.ToString());
        return path;
    }

    /// <summary>Checks the files of a folder and zips them.</summary>
    /// <returns>The names of the files that the server wants and the folder lacks.</returns>
    /// <exception cref="ReplicationException">There is no file, or one is malformed: the message names file, line and column.</exception>
    public static IReadOnlyList<string> Zip(string folder, string zipPath)
    {
        var wanted = (from task in GlueTasks.All.Append(GlueTasks.Diagnostic)
                      from split in GlueTasks.Splits(task).Where(GlueTasks.IsHidden)
                      select (Task: task, Split: split, Path: Path.Combine(folder, Name(task, split)))).ToArray();
        var present = wanted.Where(file => File.Exists(file.Path)).ToArray();
        if (present.Length == 0)
            throw new ReplicationException(
                $"{folder} holds no submission file; files such as {Name(GlueTasks.Sst2, GlueSplit.Test)} were expected.");
        foreach (var (task, split, path) in present)
            Validate(task, split, path);
        AtomicFile.Write(zipPath, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var file in present)
                zip.CreateEntryFromFile(file.Path, Path.GetFileName(file.Path));
        });
        return [.. wanted.Except(present).Select(file => Path.GetFileName(file.Path))];
    }

    /// <summary>Checks a file that the server is to be sent.</summary>
    /// <exception cref="ReplicationException">Header, index, prediction or number of rows is wrong; the message names file, line and
    /// column.</exception>
    public static void Validate(GlueTask task, GlueSplit split, string path)
    {
        var rows = GlueCatalog.Entry(task, split).Rows;
        var lines = File.ReadAllText(path).TrimEnd('\n').Split('\n');
        if (lines[0] != Header)
            throw new ReplicationException(
                $"{path}, line 1: '{lines[0]}' where the columns index and prediction, separated by a tab, were expected.");
        for (var row = 0; row < lines.Length - 1; row++)
        {
            var fields = lines[row + 1].Split('\t');
            if (fields.Length != 2)
                throw new ReplicationException(
                    $"{path}, line {row + 2}: {fields.Length} columns where index and prediction were expected.");
            if (fields[0] != row.ToString(CultureInfo.InvariantCulture))
                throw new ReplicationException($"{path}, line {row + 2}, column 1: the index is '{fields[0]}' where {row} was expected.");
            if (GlueLabel.Parse(task, fields[1], Words(task)) is null)
                throw new ReplicationException(
                    $"{path}, line {row + 2}, column 2: '{fields[1]}' is not a label of {task}; expected "
                    + $"{GlueLabel.Expected(task, Words(task))}.");
        }
        if (lines.Length - 1 != rows)
            throw new ReplicationException(
                $"{path} has {lines.Length - 1} predictions where the {GlueCatalog.Describe(split)} of {task} has {rows} rows.");
    }

    private static bool Words(GlueTask task) => TaskLayout.Of(task).LabelWords;

    // A regression may leave the scale, which the server would refuse.
    private static string Text(GlueTask task, float prediction, int row)
    {
        if (task.IsRegression && float.IsFinite(prediction))
            return Math.Clamp(prediction, 0, GlueLabel.HighestScore).ToString("0.000", CultureInfo.InvariantCulture);
        if (!GlueLabel.IsValid(task, prediction))
            throw new ReplicationException(
                FormattableString.Invariant(
                $"Prediction {row} of {task} is {prediction}; expected {GlueLabel.Expected(task, words: false)}."));
        return Words(task) ? task.Labels[(int)prediction] : ((int)prediction).ToString(CultureInfo.InvariantCulture);
    }
}
