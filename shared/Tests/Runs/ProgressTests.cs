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

        var lines = output.ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(l => l.GetProperty("event").GetString()),
                Is.EqualTo(new[] { "note", "begin", "advance", "advance", "note", "end" }));
            Assert.That(lines[2].GetProperty("done").GetInt64(), Is.EqualTo(410));
            Assert.That(lines[2].GetProperty("secondsLeft").GetDouble(), Is.EqualTo(590).Within(1e-6));
            Assert.That(lines[^1].GetProperty("label").GetString(), Is.EqualTo("SST-2"));
        });
    }

    [Test]
    public void Meter_PaceChanges_TimeLeftFollowsTheLastHalfMinute()
    {
        var clock = new FakeClock();
        var meter = new ProgressMeter(clock);
        meter.Begin("SST-2", 10_000, 0, "steps");
        for (var step = 1; step <= 1000; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            meter.Advance(step);
        }
        for (var step = 1001; step <= 1060; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            meter.Advance(step);
        }

        Assert.That(meter.Left!.Value.TotalSeconds, Is.EqualTo(8940).Within(1));
    }

    [Test]
    public void Rate_StepLongerThanTheWindow_IsThatOfTheStep()
    {
        var rate = new RecentRate();
        rate.Add(TimeSpan.FromSeconds(10), 100);
        rate.Add(TimeSpan.FromSeconds(50), 100);

        Assert.That(rate.PerSecond(TimeSpan.FromSeconds(50)), Is.EqualTo(2.5));
        Assert.That(new RecentRate().PerSecond(TimeSpan.FromSeconds(1)), Is.Null);
    }

    [Test]
    public void Forecast_RunsTakeTwiceTheEstimate_DoublesWhatIsLeft()
    {
        var clock = new FakeClock();
        var forecast = new PlanForecast([0, 100, 100, 100], clock);
        forecast.Done(1);
        Assert.That(forecast.Left(null).TotalSeconds, Is.EqualTo(300));
        forecast.Next(2);
        clock.Advance(TimeSpan.FromSeconds(200));
        forecast.Done(2);
        Assert.That(forecast.Left(null).TotalSeconds, Is.EqualTo(400));
        forecast.Next(3);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.That(forecast.Left(null).TotalSeconds, Is.EqualTo(350));
        Assert.That(forecast.Left(TimeSpan.FromSeconds(150)).TotalSeconds, Is.EqualTo(350));
    }

    [Test]
    public void PlainProgress_Plan_SaysWhatIsLeftOfItAtEachRun()
    {
        var (clock, output) = (new FakeClock(), new StringWriter { NewLine = "\n" });
        var progress = new PlainProgress(output, clock, Interval, new PlanForecast([60, 120], clock));
        progress.NextRun(1, 2, "teacher");
        clock.Advance(TimeSpan.FromSeconds(30));
        progress.Aside("evaluating dev", 8, 16, "rows");
        progress.RunDone(1);
        progress.NextRun(2, 2, "student");

        Assert.That(output.ToString(),
            Is.EqualTo("run 1 of 2 (3:00 left for all): teacher\nevaluating dev, 8 of 16 rows\nrun 2 of 2 (1:00 left for all): student\n"));
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
