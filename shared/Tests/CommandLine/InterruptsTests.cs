using System.Globalization;
using System.Runtime.InteropServices;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class InterruptsTests
{
    [Test]
    public void Interrupt_WorkComesToNoSafePoint_EndsTheProcessWithin5Seconds()
    {
        using var bench = new Bench();

        bench.Interrupts.Handle(new PosixSignalContext(PosixSignal.SIGINT));
        Assert.That((bench.Interrupts.Token.IsCancellationRequested, bench.Ended), Is.EqualTo((true, new List<int>())));
        bench.Clock.Fire();

        Assert.That(bench.Clock.Due, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(bench.Ended, Is.EqualTo((int[])[130]));
        Assert.That(bench.Error.ToString(), Does.Contain("resumes from the last checkpoint"));
    }

    [Test]
    public void Interrupt_InAJob_LeavesTheTimeThatTheJobHas()
    {
        using var bench = new Bench("175");
        bench.Interrupts.Handle(new PosixSignalContext(PosixSignal.SIGTERM));
        Assert.That(bench.Clock.Due, Is.EqualTo(TimeSpan.FromSeconds(175)));
    }

    [Test]
    public void Interrupt_Twice_EndsTheProcessAtOnce()
    {
        using var bench = new Bench();

        bench.Interrupts.Handle(new PosixSignalContext(PosixSignal.SIGINT));
        bench.Interrupts.Handle(new PosixSignalContext(PosixSignal.SIGINT));

        Assert.That(bench.Ended, Is.EqualTo((int[])[130]));
    }

    [Test]
    public void Interrupt_WorkEnds_TheProcessIsLeftToItsOwnEnd()
    {
        var bench = new Bench();
        bench.Interrupts.Handle(new PosixSignalContext(PosixSignal.SIGTERM));

        bench.Dispose();

        Assert.That((bench.Clock.IsStopped, bench.Ended.Count), Is.EqualTo((true, 0)));
    }

    private sealed class Bench : IDisposable
    {
        public Bench(string? grace = null) => Interrupts = new Interrupts(Error.WriteLine, Clock, Ended.Add, grace);

        public List<int> Ended { get; } = [];

        public StringWriter Error { get; } = new(CultureInfo.InvariantCulture);

        public HeldClock Clock { get; } = new();

        public Interrupts Interrupts { get; }

        public void Dispose() => Interrupts.Dispose();
    }

    /// <summary>A clock whose only timer fires when a test says so.</summary>
    private sealed class HeldClock : TimeProvider
    {
        private Action _fire = () => { };

        public TimeSpan Due { get; private set; }

        public bool IsStopped { get; private set; }

        public void Fire() => _fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, _fire) = (dueTime, () => callback(state));
            return new Timer(this);
        }

        private sealed class Timer(HeldClock clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose() => clock.IsStopped = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
