using System.IO.Compression;
using Replication.Glue;

namespace Replication.Tests.Glue;

public class SubmissionFileTests
{
    private static float[] Constant(GlueTask task, GlueSplit split, float value) =>
        Enumerable.Repeat(value, GlueCatalog.Entry(task, split).Rows).ToArray();

    [TestCase("CoLA", GlueSplit.Test, 1f, "CoLA.tsv", "1")]
    [TestCase("RTE", GlueSplit.Test, 1f, "RTE.tsv", "not_entailment")]
    [TestCase("MNLI", GlueSplit.Test, 2f, "MNLI-m.tsv", "contradiction")]
    [TestCase("MNLI", GlueSplit.TestMismatched, 1f, "MNLI-mm.tsv", "neutral")]
    [TestCase("STS-B", GlueSplit.Test, 5.7f, "STS-B.tsv", "5.000")]
    [TestCase("STS-B", GlueSplit.Test, 3.14159f, "STS-B.tsv", "3.142")]
    public void Write_Predictions_AreAsTheServerWantsThem(string name, GlueSplit split, float value, string file, string text)
    {
        using var folder = new TemporaryFolder();
        var task = GlueTasks.Parse(name);
        var path = SubmissionFile.Write(task, split, Constant(task, split, value), folder.Path);
        var lines = File.ReadAllLines(path);
        Assert.Multiple(() =>
        {
            Assert.That(Path.GetFileName(path), Is.EqualTo(file));
            Assert.That(lines, Has.Length.EqualTo(GlueCatalog.Entry(task, split).Rows + 1));
            Assert.That(lines[0], Is.EqualTo("index\tprediction"));
            Assert.That(lines[2], Is.EqualTo("1\t" + text));
            Assert.That(() => SubmissionFile.Validate(task, split, path), Throws.Nothing);
        });
    }

    [Test]
    public void Write_TooFewPredictions_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => SubmissionFile.Write(GlueTasks.Wnli, GlueSplit.Test, new float[145], folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("145").And.Message.Contains("146"));
    }

    [Test]
    public void Write_DevSet_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => SubmissionFile.Write(GlueTasks.Wnli, GlueSplit.Dev, new float[71], folder.Path),
            Throws.TypeOf<ReplicationException>());
    }

    [Test]
    public void Zip_SomeTasks_HoldsThemAndNamesTheRest()
    {
        using var folder = new TemporaryFolder();
        SubmissionFile.Write(GlueTasks.Wnli, GlueSplit.Test, Constant(GlueTasks.Wnli, GlueSplit.Test, 0), folder.Path);
        SubmissionFile.Write(GlueTasks.Rte, GlueSplit.Test, Constant(GlueTasks.Rte, GlueSplit.Test, 0), folder.Path);
        var zipPath = Path.Combine(folder.Path, "submission.zip");
        var missing = SubmissionFile.Zip(folder.Path, zipPath);
        using var zip = ZipFile.OpenRead(zipPath);
        Assert.Multiple(() =>
        {
            Assert.That(zip.Entries.Select(e => e.FullName), Is.EquivalentTo(new[] { "RTE.tsv", "WNLI.tsv" }));
            Assert.That(missing, Has.Count.EqualTo(9).And.Member("MNLI-mm.tsv").And.Member("AX.tsv"));
        });
    }

    [Test]
    public void Zip_ChangedPrediction_NamesLineAndColumn()
    {
        using var folder = new TemporaryFolder();
        var path = SubmissionFile.Write(GlueTasks.Rte, GlueSplit.Test, Constant(GlueTasks.Rte, GlueSplit.Test, 0), folder.Path);
        var lines = File.ReadAllLines(path);
        lines[7] = "6\tmaybe";
        File.WriteAllLines(path, lines);
        Assert.That(() => SubmissionFile.Zip(folder.Path, path + ".zip"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("line 8, column 2: 'maybe'"));
        Assert.That(File.Exists(path + ".zip"), Is.False);
    }
}
