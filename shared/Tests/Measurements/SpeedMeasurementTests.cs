using Replication.Bert;
using Replication.Measurements;
using static TorchSharp.torch;

namespace Replication.Tests.Measurements;

public class SpeedMeasurementTests
{
    [Test]
    public void Interleave_TwoPasses_AlternatesAndLeavesWarmupOut()
    {
        var clock = new ManualClock();
        var order = new List<string>();
        Action Pass(string name, double seconds) => () =>
        {
            order.Add(name);
            clock.Advance(seconds);
        };

        var report = SpeedMeasurement.Interleave(
            [("slow", Pass("slow", 4)), ("fast", Pass("fast", 1))], 1, 2, clock, null, CancellationToken.None);

        Assert.That(order, Is.EqualTo(["slow", "fast", "slow", "fast", "slow", "fast"]));
        Assert.That(report.Seconds["slow"], Is.EqualTo([4.0, 4.0]));
        Assert.That(report.PassSeconds("fast").Median, Is.EqualTo(1.0));
    }

    [Test]
    public void Speedup_RoundThatSlowsBoth_KeepsTheRatio()
    {
        var clock = new ManualClock();
        var round = 0;
        double[] load = [1, 1, 10];

        var report = SpeedMeasurement.Interleave(
            [("slow", () => clock.Advance(4 * load[round])), ("fast", () => clock.Advance(1 * load[round++]))],
            0, 3, clock, null, CancellationToken.None);

        Assert.That(report.PassSeconds("slow").Max, Is.EqualTo(40));
        Assert.That(report.Speedup("slow", "fast"), Is.EqualTo(new Spread(4, 4, 4, 0, 3)));
    }

    [Test]
    public void Interleave_Progress_CountsEveryPass()
    {
        var heard = new List<(int Done, int Total)>();

        SpeedMeasurement.Interleave(
            [("a", () => { })], 1, 2, new ManualClock(), (done, total) => heard.Add((done, total)), CancellationToken.None);

        Assert.That(heard, Is.EqualTo([(1, 3), (2, 3), (3, 3)]));
    }

    [Test]
    public void Interleave_Cancelled_StopsBeforeTheNextPass()
    {
        using var source = new CancellationTokenSource();
        var passes = 0;

        void Pass()
        {
            passes++;
            source.Cancel();
        }

        Assert.That(
            () => SpeedMeasurement.Interleave([("a", Pass)], 0, 5, new ManualClock(), null, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(passes, Is.EqualTo(1));
    }

    [Test]
    public void OfForwardPasses_TinyModels_TimesEachRound()
    {
        var deep = new BertConfig {
            VocabSize = 30, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 8 };
        SpeedSubject[] subjects = [new("deep", deep), new("shallow", deep with { NumHiddenLayers = 1 })];

        var report = SpeedMeasurement.OfForwardPasses(
            subjects, new SpeedProtocol { BatchSize = 2, Length = 8, Rounds = 3 }, CPU, TimeProvider.System, null, CancellationToken.None);

        Assert.That(report.Seconds.Keys, Is.EqualTo(["deep", "shallow"]));
        Assert.That(report.Seconds.Values.SelectMany(s => s), Has.Exactly(6).Positive);
    }

    [Test]
    public void OfForwardPasses_LengthBeyondTheModel_NamesBoth() => Assert.That(
        () => SpeedMeasurement.OfForwardPasses(
            [new("short", new BertConfig { MaxPositionEmbeddings = 64 })], new SpeedProtocol(), CPU, TimeProvider.System, null,
            CancellationToken.None),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("short takes at most 64 tokens; the length is 128"));

    [Test]
    public void Validate_NoRounds_NamesTheRange() => Assert.That(
        () => new SpeedProtocol { Rounds = 0 }.Validate(),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("rounds is 0; it must be from 1 to 1000"));

    [Test]
    public void SpreadOf_OddValues_HasMedianAndDeviation() =>
        Assert.That(Spread.Of([5.0, 1.0, 2.0]), Is.EqualTo(new Spread(2, 1, 5, 1, 3)));

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);
    }
}
