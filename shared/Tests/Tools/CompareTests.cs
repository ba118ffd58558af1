using Replication.Runs;
using Replication.Tools.Equality;

namespace Replication.Tests.Tools;

public sealed class CompareTests
{
    private const string Manifest = """{ "key": "1234", "seconds": 5, "started": "2026-01-01", "files": { "model": "1" } }""";

    [Test]
    public void Row_EqualButForTimes_FindsNothing()
    {
        using var first = Runs("w");
        using var second = Runs("w");
        File.WriteAllText(Path.Combine(second.Path, "run-1", RunStore.ManifestName), Manifest.Replace("5", "7"));

        var row = CompareVerb.Row(first.Path, second.Path, "runs", TextWriter.Null);

        Assert.That((row.Count, row.Found), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void Row_OneByteOther_FindsTheRun()
    {
        using var first = Runs("w");
        using var second = Runs("v");
        using var output = new StringWriter();

        var row = CompareVerb.Row(first.Path, second.Path, "runs", output);

        Assert.That((row.Count, row.Found), Is.EqualTo((1L, 1L)));
        Assert.That(output.ToString(), Does.Contain("not the same: model.safetensors"));
    }

    [Test]
    public void Row_RunThatIsMissing_IsFound()
    {
        using var first = Runs("w");
        using var second = new TemporaryFolder();

        Assert.That(CompareVerb.Row(first.Path, second.Path, "runs", TextWriter.Null).Found, Is.EqualTo(1));
    }

    [Test]
    public void Row_Measurement_IsNotCompared()
    {
        using var first = Measured("1.5 s");
        using var second = Measured("1.6 s");

        var row = CompareVerb.Row(first.Path, second.Path, "runs", TextWriter.Null);

        Assert.That((row.Count, row.Found), Is.EqualTo((0L, 0L)));
        Assert.That(row.Remark, Does.Contain("1 runs that measure time or memory"));
    }

    private static TemporaryFolder Runs(string weights)
    {
        var folder = Measured("0.9");
        File.WriteAllText(Path.Combine(folder.Path, "run-1", "model.safetensors"), weights);
        return folder;
    }

    private static TemporaryFolder Measured(string result)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("run-1"));
        File.WriteAllText(Path.Combine(folder.Path, "run-1", RunStore.ManifestName), Manifest);
        File.WriteAllText(Path.Combine(folder.Path, "run-1", RunStore.ResultName), result);
        return folder;
    }
}
