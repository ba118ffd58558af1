using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.Runs;

public sealed class EventFileTests
{
    [Test]
    public void Sound_FileOfPyTorch_HasEveryRecord()
    {
        var golden = Directory.EnumerateFiles(GoldenFiles.Require("tensorboard"), "events.*").Single();
        var bytes = File.ReadAllBytes(golden);
        var records = EventRecord.Sound(bytes).ToList();
        Assert.That(records.Sum(r => r.Length + EventRecord.Overhead), Is.EqualTo(bytes.Length), "every byte belongs to a record");
        using var expected = JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.Require("tensorboard/expected.json")));
        var scalars = expected.RootElement.EnumerateObject()
            .Where(p => p.Value.ValueKind == JsonValueKind.Array).SelectMany(p => p.Value.EnumerateArray())
            .Where(v => v.ValueKind == JsonValueKind.Array).Select(v => (v[2].GetDouble(), v[0].GetInt64())).ToList();
        Assert.That(records.Skip(1).Select(r => ScalarEvent.TimeOf(r)), Is.EquivalentTo(scalars));
    }

    [Test]
    public void ToBytes_ScalarOfPyTorchsFile_IsTheSameRecord()
    {
        var golden = Directory.EnumerateFiles(GoldenFiles.Require("tensorboard"), "events.*").Single();
        using var expected = JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.Require("tensorboard/expected.json")));
        // The second: a first step of 0 is a field that PyTorch leaves out.
        var second = expected.RootElement.GetProperty("loss/train")[1];
        var own = new ScalarEvent(second[2].GetDouble(), second[0].GetInt64(), "loss/train", (float)second[1].GetDouble()).ToBytes();
        Assert.That(EventRecord.Sound(File.ReadAllBytes(golden)).Any(r => r.Span.SequenceEqual(own)), Is.True);
    }

    // What /cases/tensorboard-resume tells: killed while step 9 is written, resumed from the checkpoint after step 5.
    [Test]
    public void Metrics_RunKilledAndResumed_DrawsEachStepOnce()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeClock();
        using (var first = Open(folder, clock))
        {
            foreach (var step in Enumerable.Range(1, 8))
                first.Append(step, new Dictionary<string, object?> { ["loss"] = 1.0 / step });
        }
        var events = Tear(folder);
        using (var second = Open(folder, clock))
        {
            second.Truncate(5);
            foreach (var step in Enumerable.Range(6, 7))
                second.Append(step, new Dictionary<string, object?> { ["loss"] = 2.0 / step });
        }

        var bytes = File.ReadAllBytes(events);
        var records = EventRecord.Sound(bytes).ToList();
        Assert.That(records.Sum(r => r.Length + EventRecord.Overhead), Is.EqualTo(bytes.Length), "nothing stands behind a torn record");
        Assert.That(records.Skip(1).Select(r => ScalarEvent.TimeOf(r).Step), Is.EqualTo(Enumerable.Range(1, 12)));
        Assert.That(Directory.EnumerateFiles(folder.Path, "events.*").Count(), Is.EqualTo(1));
    }

    [TestCase("loss/train", "loss", "train")]
    [TestCase("odd values", "odd values", "")]
    public void Metrics_CaseOfResumedRun_AreWhatTensorBoardHasToRead(string tag, string split, string name)
    {
        var written = File.ReadLines(CaseFiles.Require("tensorboard-resume/written.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        using var right = JsonDocument.Parse(File.ReadAllBytes(CaseFiles.Require("tensorboard-resume/right.json")));
        using var folder = new TemporaryFolder();
        foreach (var session in written.GroupBy(line => line.GetProperty("session").GetInt32()))
        {
            if (session.Key > 1)
                Tear(folder);
            using var metrics = Open(folder, new FakeClock());
            foreach (var line in session)
            {
                if (line.TryGetProperty("event", out var told) && told.GetString()!.Split("checkpoint after step ") is [_, var step])
                    metrics.Truncate(long.Parse(step, CultureInfo.InvariantCulture));
                if (line.TryGetProperty("tag", out var its) && its.GetString() == tag)
                    metrics.Append(line.GetProperty("step").GetInt64(),
                        new Dictionary<string, object?> { ["split"] = split, [name] = Number(line.GetProperty("value")) });
            }
        }

        var bytes = File.ReadAllBytes(Path.Combine(folder.Path, EventFile.FileName));
        var records = EventRecord.Sound(bytes).ToList();
        Assert.That(records.Sum(r => r.Length + EventRecord.Overhead), Is.EqualTo(bytes.Length), "nothing stands behind a torn record");
        Assert.That(records.Skip(1).Select(r => (ScalarEvent.TimeOf(r).Step, Text(BinaryPrimitives.ReadSingleLittleEndian(r.Span[^4..])))),
            Is.EqualTo(right.RootElement.GetProperty(tag).EnumerateArray().Select(v => (v[0].GetInt64(), Text((float)Number(v[1]))))));
    }

    [Test]
    public void Metrics_OddValues_StayWhatTheyAre()
    {
        using var folder = new TemporaryFolder();
        using (var metrics = Open(folder, new FakeClock()))
        {
            metrics.Append(1, new Dictionary<string, object?> { ["loss"] = double.NaN });
            metrics.Append(2, new Dictionary<string, object?> { ["loss"] = double.PositiveInfinity });
            metrics.Append(3, new Dictionary<string, object?> { ["loss"] = double.NegativeInfinity });
            metrics.Append(4, new Dictionary<string, object?> { ["split"] = "dev", ["accuracy"] = -0.0, ["matthews"] = null });
        }
        var values = EventRecord.Sound(File.ReadAllBytes(Path.Combine(folder.Path, EventFile.FileName))).Skip(1)
            .Select(r => BinaryPrimitives.ReadSingleLittleEndian(r.Span[^4..])).ToList();
        Assert.That(values, Has.Count.EqualTo(4), "an undefined score is not drawn");
        Assert.That(values[..3], Is.EqualTo(new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity }));
        Assert.That(float.IsNegative(values[3]), Is.True);
    }

    [Test]
    public void Of_TermsOfTheLoss_AreTagsOfTheirOwn()
    {
        var line = MetricScalars.Of("""{"step":7,"epoch":0.5,"loss":2.5,"terms":{"L_mlm":1.5,"L_cos":1},"learningRate":1e-4}"""u8);
        Assert.That(line.Step, Is.EqualTo(7));
        Assert.That(line.Values.Select(v => v.Key), Is.EqualTo(new[] { "train/loss", "train/L_mlm", "train/L_cos", "train/learningRate" }));
    }

    // What a process leaves that is killed while it writes a record.
    private static string Tear(TemporaryFolder folder)
    {
        var events = Path.Combine(folder.Path, EventFile.FileName);
        using var torn = new FileStream(events, FileMode.Append);
        torn.Write(EventRecord.Of(new ScalarEvent(1, 9, "train/loss", 0.5f).ToBytes()).AsSpan(0, 21));
        return events;
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();

    // Tells not-a-number and the zeros apart.
    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static MetricsWriter Open(TemporaryFolder folder, TimeProvider clock) =>
        new(Path.Combine(folder.Path, MetricsWriter.FileName), new EventFile(Path.Combine(folder.Path, EventFile.FileName), clock));
}
