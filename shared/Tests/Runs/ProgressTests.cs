using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class ProgressTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Test]
    [SetCulture("de-DE")]
    public void PlainProgress_ManySteps_WritesALineAnInterval()
    {
        var (clock, output) = (new FakeClock(), new StringWriter { NewLine = "\n" });
        Play(new PlainProgress(output, clock, Interval), clock);

        Assert.That(output.ToString(), Is.EqualTo(
            """
            remark before
            SST-2: 1,000 steps, from 400
            SST-2: 410 of 1,000 steps, loss 0.5000, 1,234 tokens/s, 9:50 left
            SST-2: 420 of 1,000 steps, loss 0.5000, 1,234 tokens/s, 9:40 left
            SST-2: dev accuracy 90.10
            SST-2: done after 0:25

            """));
    }

    [Test]
    public void JsonProgress_ManySteps_WritesAnObjectALine()
    {
        var (clock, output) = (new FakeClock(), new StringWriter());
        Play(new JsonProgress(output, clock, Interval), clock);

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(l => l.GetProperty("event").GetString()), Is.EqualTo(new[] { "note", "begin", "advance", "advance", "note", "end" }));
            Assert.That(lines[2].GetProperty("done").GetInt64(), Is.EqualTo(410));
            Assert.That(lines[2].GetProperty("secondsLeft").GetDouble(), Is.EqualTo(590).Within(1e-6));
            Assert.That(lines[^1].GetProperty("label").GetString(), Is.EqualTo("SST-2"));
        });
    }

    [TestCase(59.4, "0:59")]
    [TestCase(59.6, "1:00")]
    [TestCase(3723, "1:02:03")]
    [TestCase(90000, "25:00:00")]
    public void Text_Span_IsHoursMinutesSeconds(double seconds, string expected) =>
        Assert.That(ProgressMeter.Text(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    private static void Play(IRunProgress progress, FakeClock clock)
    {
        progress.Note("remark before");
        progress.Begin("SST-2", 1000, 400, "steps");
        for (var step = 401; step <= 425; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            progress.Advance(step, 0.5, 1234);
        }
        progress.Note("dev accuracy 90.10");
        progress.End();
    }
}
