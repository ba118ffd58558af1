using Replication.CommandLine;
using Replication.Runs;
using Replication.Tests.Runs;

namespace Replication.Tests.CommandLine;

public sealed class LiveProgressTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Note_WhileALineIsDrawn_ErasesTheLineFirst()
    {
        using var bench = new Bench(80);
        bench.Watch(progress =>
        {
            Train(progress, bench.Clock, from: 0, to: 40);
            progress.Note("epoch 1: dev accuracy 80.39");
            Assert.That(bench.Terminal.Rows[^2], Is.EqualTo("epoch 1: dev accuracy 80.39"));
            Assert.That(bench.Terminal.Last, Does.StartWith("40/158 steps"));
        });
    }

    [Test]
    public void Error_WrittenWhileALineIsDrawn_ErasesTheLineFirst()
    {
        using var bench = new Bench(80);
        bench.Watch(progress =>
        {
            Train(progress, bench.Clock, from: 0, to: 40);
            bench.Host.Error.WriteLine("warning: 64 rows");
            Assert.That(bench.Terminal.Rows.TakeLast(2), Is.EqualTo((string[])["warning: 64 rows", ""]));
        });
    }

    [Test]
    public void Watch_AtItsEnd_LeavesTheNotesAlone()
    {
        using var bench = new Bench(80);
        bench.Watch(progress =>
        {
            Train(progress, bench.Clock, from: 0, to: 158);
            progress.End();
        });

        Assert.That(bench.Terminal.Rows, Is.EqualTo((string[])["SST-2 teacher, seed 1: done after 2:38", ""]));
    }

    [TestCase(20)]
    [TestCase(40)]
    [TestCase(63)]
    [TestCase(80)]
    [TestCase(200)]
    public void Line_OfAnyWidth_FitsAndBreaksAtWords(int width)
    {
        using var bench = new Bench(width, [158, 300]);
        string[] words =
            ["40/158", "steps", "loss", "0.5000", "1,234", "tokens/s", "1:58", "left", "6:58", "for", "all", "SST-2", "teacher,",
                "teacher…", "seed", "1", "SST-2…", "seed…"];
        bench.Watch(progress =>
        {
            progress.NextRun(1, 2, "SST-2 teacher, seed 1");
            Train(progress, bench.Clock, from: 0, to: 40);
            Assert.That(bench.Terminal.Last, Does.Contain("40/158 steps"));
            Assert.That(bench.Terminal.Last.Trim('━', '╌', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries), Is.SubsetOf(words));
            progress.Note(
                "a remark of several words that is far longer than a narrow terminal has columns for it, and then some more of it");
        });

        Assert.That(bench.Terminal.Widest, Is.LessThan(width));
        Assert.That(string.Join(' ', bench.Terminal.Rows), Does.Contain("far longer than a narrow terminal has columns for it, and then"));
    }

    [Test]
    public void Line_WideTerminal_ShowsEverything()
    {
        using var bench = new Bench(120, [158, 316]);
        bench.Watch(progress =>
        {
            progress.NextRun(1, 2, "SST-2 teacher, seed 1");
            Train(progress, bench.Clock, from: 0, to: 40);
            Assert.That(bench.Terminal.Last,
                Is.EqualTo("━━━━╌╌╌╌╌╌╌╌╌╌╌╌  40/158 steps  loss 0.5000  1,234 tokens/s  1:58 left  7:14 for all  SST-2 teacher, seed 1"));
        });
    }

    [Test]
    public void Line_DuringAnEvaluation_ShowsItAsWorkAndKeepsThePace()
    {
        using var bench = new Bench(120);
        bench.Watch(progress =>
        {
            Train(progress, bench.Clock, from: 0, to: 40);
            for (var rows = 0; rows <= 800; rows += 100)
            {
                progress.Aside("evaluating dev", rows, 872, "rows");
                bench.Clock.Advance(TimeSpan.FromSeconds(rows < 800 ? 5 : 0));
            }
            Assert.That(bench.Terminal.Last,
                Does.Contain("evaluating dev, 800 of 872 rows").And.Contains("1:58 left").And.Not.Contains("loss"));
            Train(progress, bench.Clock, from: 40, to: 41, begin: false);
            Assert.That(bench.Terminal.Last, Does.Contain("41/158 steps").And.Contains("1:57 left"));
        });
    }

    [Test]
    public void Line_TerminalNarrows_Follows()
    {
        using var bench = new Bench(120);
        bench.Watch(progress =>
        {
            Train(progress, bench.Clock, from: 0, to: 40);
            bench.Width = 30;
            Train(progress, bench.Clock, from: 40, to: 41, begin: false);
            Assert.That(bench.Terminal.Last, Has.Length.LessThan(30).And.StartsWith("41/158 steps"));
        });
    }

    [Test]
    public void Paper_OnATerminal_LeavesNoPieceOfTheLineBehind()
    {
        using var session = new Session { Terminal = new FakeTerminal(80) };

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(session.Terminal.Rows,
            Does.Contain("run 2 of 2: fake run [second], seed 1").And.Contains("fake run [second], seed 1: done after 0:00"));
        Assert.That(session.Terminal.Rows.Where(row => row.Contains("/2 steps", StringComparison.Ordinal)), Is.Empty);
    }

    private static void Train(IRunProgress progress, FakeClock clock, int from, int to, bool begin = true)
    {
        if (begin)
            progress.Begin("SST-2 teacher, seed 1", 158, from, "steps");
        for (var step = from + 1; step <= to; step++)
        {
            clock.Advance(Second);
            progress.Advance(step, 0.5, 1234);
        }
    }

    private sealed class Bench : IDisposable
    {
        private readonly PlanForecast? _forecast;

        public Bench(int width, double[]? estimates = null)
        {
            (Width, Terminal) = (width, new FakeTerminal(width));
            _forecast = estimates is null ? null : new PlanForecast(estimates, Clock);
            Host = new CommandLineHost
            {
                Output = Terminal, Error = Terminal, Input = Stream.Null, IsTerminal = true, Width = () => Width, Clock = Clock,
            }.WithLiveLine();
        }

        public int Width { get; set; }

        public FakeClock Clock { get; } = new();

        public FakeTerminal Terminal { get; }

        public CommandLineHost Host { get; }

        public void Watch(Action<IRunProgress> work) => new Display(Host, quiet: false, json: false).Watch(
            progress =>
            {
                work(progress);
                return 0;
            },
            _forecast);

        public void Dispose() => Terminal.Dispose();
    }
}
