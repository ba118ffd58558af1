using Replication.Bert;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

public class TeacherOutputsTests
{
    private const string TeacherDigest = "teacher";
    private static readonly int[] Layers = [2, 1];
    private static readonly BertConfig Tiny = new()
    {
        VocabSize = 60, HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 16, MaxPositionEmbeddings = 16,
    };

    private string _cache = "";
    private int _opened;
    private List<string> _notes = [];

    [SetUp]
    public void CreateCache() => (_cache, _opened, _notes) = (Directory.CreateTempSubdirectory("teacher-outputs").FullName, 0, []);

    [TearDown]
    public void DeleteCache() => Directory.Delete(_cache, recursive: true);

    [Test]
    public void OpenOrCompute_RowsOfManyLengths_EqualTheTeacherRowByRow()
    {
        using var scope = NewDisposeScope();
        var data = Data(40);
        using var outputs = Open(data);
        using var teacher = Teacher();

        int[] rows = [39, 0, 7, 7];
        var logits = outputs.Logits(rows);
        var states = outputs.ClsStates(rows);

        Assert.That(logits.shape, Is.EqualTo([4, 3]));
        Assert.That(states.shape, Is.EqualTo([4, 2, 8]));
        for (var i = 0; i < rows.Length; i++)
        {
            using var noGradients = no_grad();
            var expected = teacher.call(GlueBatch.Collate(data, [rows[i]], CPU).Tokens, EncoderOutputs.HiddenStates);
            Assert.That(logits[i].allclose(expected.Logits[0], rtol: 0, atol: 1e-5), Is.True, $"logits of row {rows[i]}");
            for (var k = 0; k < Layers.Length; k++)
                Assert.That(states[i, k].allclose(expected.Encoder.HiddenStates[Layers[k]][0, 0], rtol: 0, atol: 1e-5), Is.True,
                    $"layer {Layers[k]}");
        }
    }

    [Test]
    public void OpenOrCompute_BatchPaddedFurther_HasTheSameOutputs()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var data = Data(40);
        using var outputs = Open(data);
        using var teacher = Teacher();
        int[] rows = [39, 0, 7];
        var padded = teacher.call(GlueBatch.Collate(data, rows, CPU, Tiny.MaxPositionEmbeddings).Tokens, EncoderOutputs.HiddenStates);
        Assert.That(outputs.Logits(rows).allclose(padded.Logits, rtol: 0, atol: 1e-5), Is.True);
        Assert.That(outputs.ClsStates(rows)[.., 0].allclose(padded.Encoder.HiddenStates[Layers[0]][.., 0], rtol: 0, atol: 1e-5), Is.True);
    }

    [Test]
    public void OpenOrCompute_SecondTime_ReadsTheSameBitsWithoutTheTeacher()
    {
        using var scope = NewDisposeScope();
        byte[] first;
        using (var outputs = Open(Data(20)))
            first = Bits(outputs);

        using var again = Open(Data(20));

        Assert.That(_opened, Is.EqualTo(1));
        Assert.That(Bits(again), Is.EqualTo(first));
    }

    [Test]
    public void OpenOrCompute_OtherTeacherDataOrLayers_IsAnotherFile()
    {
        Open(Data(5)).Dispose();
        Open(Data(5), digest: "another").Dispose();
        Open(Data(6)).Dispose();
        Open(Data(5), layers: [1]).Dispose();

        Assert.That(_opened, Is.EqualTo(4));
        Assert.That(Directory.GetDirectories(_cache), Has.Length.EqualTo(4));
    }

    [TestCase("cut off")]
    [TestCase("other header")]
    [TestCase("a bit of a row")]
    [TestCase("empty")]
    public void OpenOrCompute_DamagedFile_IsComputedAgain(string damage)
    {
        using var scope = NewDisposeScope();
        byte[] whole;
        using (var outputs = Open(Data(10)))
            whole = Bits(outputs);
        var path = Directory.GetFiles(_cache, "outputs.bin", SearchOption.AllDirectories).Single();
        using (var file = new FileStream(path, FileMode.Open))
        {
            if (damage == "other header")
                file.WriteByte(0);
            else if (damage == "a bit of a row")
                FlipLastBit(file);
            else
                file.SetLength(damage == "empty" ? 0 : file.Length - 4);
        }

        using var again = Open(Data(10));

        Assert.That(_opened, Is.EqualTo(2));
        Assert.That(Bits(again), Is.EqualTo(whole));
        Assert.That(_notes, Has.Count.EqualTo(1).And.One.Contains("outputs.bin are not as they were written"));
    }

    private static void FlipLastBit(FileStream file)
    {
        file.Position = file.Length - 1;
        var last = file.ReadByte();
        file.Position = file.Length - 1;
        file.WriteByte((byte)(last ^ 1));
    }

    [Test]
    public void OpenOrCompute_Cancelled_LeavesNothingHalfWritten()
    {
        using var source = new CancellationTokenSource();

        Assert.That(
            () => Open(Data(2000), progress: _ => source.Cancel(), cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Directory.GetFiles(_cache, "outputs.bin*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void OpenOrCompute_TwoAtOnce_ComputeOnceAndAgree()
    {
        using var scope = NewDisposeScope();
        var bits = new byte[2][];

        // New threads: one of the pool may keep another test's number of libtorch threads, which is part of the file's name.
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            using var outputs = Open(Data(200));
            bits[i] = Bits(outputs);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.That(_opened, Is.EqualTo(1));
        Assert.That(bits[0], Is.EqualTo(bits[1]));
    }

    [Test]
    public void OpenOrCompute_LayerTooHigh_SaysWhatTheTeacherHas() => Assert.That(
        () => Open(Data(3), layers: [3]),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("Layer 3").And.Message.Contains("1 to 2"));

    [Test]
    public void ClsStates_NoLayers_AreEmpty()
    {
        using var scope = NewDisposeScope();
        using var outputs = Open(Data(4), layers: []);

        Assert.That(outputs.ClsStates([1, 3]).shape, Is.EqualTo([2, 0, 8]));
        Assert.That(outputs.Logits([1, 3]).shape, Is.EqualTo([2, 3]));
    }

    [Test]
    public void Logits_RowOutOfRange_Throws()
    {
        using var outputs = Open(Data(4));

        Assert.That(() => outputs.Logits([4]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private TeacherOutputs Open(
        EncodedDataset data,
        string digest = TeacherDigest,
        int[]? layers = null,
        Action<int>? progress = null,
        CancellationToken cancellation = default) => TeacherOutputs.OpenOrCompute(
            _cache,
            digest,
            () =>
            {
                Interlocked.Increment(ref _opened);
                return Teacher();
            },
            data, layers ?? Layers, CPU, new FileDigests(), new Processor("a processor", []), progress, _notes.Add, cancellation);

    private static BertForSequenceClassification Teacher()
    {
        var teacher = new BertForSequenceClassification(Tiny, outputs: 3, seed: 1);
        teacher.eval();
        return teacher;
    }

    private static EncodedDataset Data(int rows)
    {
        var random = new RandomStream(1, "rows");
        var task = new GlueTask("toy", ["a", "b", "c"], IsPair: false, [GlueMetric.Accuracy]);
        var examples = Enumerable.Range(0, rows).Select(row =>
        {
            var ids = Enumerable.Range(0, 3 + random.NextInt32(13)).Select(_ => 1 + random.NextInt32(59)).ToArray();
            return new EncodedExample(row, ids, ids.Length, row % 3);
        }).ToArray();
        return new EncodedDataset(task, examples, FormattableString.Invariant($"rows {rows}"));
    }

    private static byte[] Bits(TeacherOutputs outputs) =>
        [.. outputs.Logits([0, 1, 2, 3]).bytes, .. outputs.ClsStates([0, 1, 2, 3]).bytes];
}
