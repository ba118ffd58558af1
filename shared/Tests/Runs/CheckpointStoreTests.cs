using System.Text.Json.Nodes;
using Replication.Runs;
using static TorchSharp.torch;

namespace Replication.Tests.Runs;

public class CheckpointStoreTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void TryLoad_NothingSaved_IsNull() => Assert.That(new CheckpointStore(_folder.File("none")).TryLoad(), Is.Null);

    [Test]
    public void TryLoad_Saved_GivesTheSameTensorsAndState()
    {
        using var floats = tensor(new[] { 1.5f, float.NaN, -0f });
        using var longs = arange(6).reshape(2, 3);
        var state = new JsonObject { ["x"] = 0.1, ["text"] = "β \"quoted\"", ["list"] = new JsonArray(1, null, 1e-300) };
        new CheckpointStore(_folder.Path).Save(new Dictionary<string, Tensor> { ["floats"] = floats, ["longs"] = longs }, state);

        using var loaded = new CheckpointStore(_folder.Path).TryLoad()!;

        Assert.Multiple(() =>
        {
            Assert.That(loaded.Tensors["floats"].bytes.ToArray(), Is.EqualTo(floats.bytes.ToArray()));
            Assert.That(loaded.Tensors["longs"].shape, Is.EqualTo(new long[] { 2, 3 }));
            Assert.That(loaded.Tensors["longs"].bytes.ToArray(), Is.EqualTo(longs.bytes.ToArray()));
            Assert.That(loaded.State.ToJsonString(), Is.EqualTo(state.ToJsonString()));
        });
    }

    [Test]
    public void Save_ManyTimes_KeepsTwo()
    {
        var store = new CheckpointStore(_folder.Path);
        for (var step = 1; step <= 5; step++)
            Save(store, step);

        Assert.That(Directory.GetFiles(_folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "4.json", "4.safetensors", "5.json", "5.safetensors" }));
    }

    // A process may be killed at any byte: whatever part of the newest checkpoint reached the disk, a sound one is found.
    [TestCase("2.safetensors")]
    [TestCase("2.json")]
    public void TryLoad_NewestCutAtAnyLength_FallsBackToTheOneBefore(string cut)
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        var whole = File.ReadAllBytes(_folder.File(cut));
        // The last byte of the state file is a line feed, without which it is whole.
        var lengths = cut.EndsWith("json", StringComparison.Ordinal) ? whole.Length - 1 : whole.Length;
        for (var length = 0; length < lengths; length++)
        {
            File.WriteAllBytes(_folder.File(cut), whole[..length]);
            Assert.That(LoadedStep(), Is.EqualTo(1), $"cut at {length} of {whole.Length}");
        }
        File.WriteAllBytes(_folder.File(cut), whole);
        Assert.That(LoadedStep(), Is.EqualTo(2));
    }

    [TestCase("2.safetensors")]
    [TestCase("2.json")]
    public void TryLoad_NewestHasAByteChanged_FallsBackToTheOneBefore(string changed)
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        var bytes = File.ReadAllBytes(_folder.File(changed));
        var digit = Array.LastIndexOf(bytes, (byte)'2');
        var place = changed.EndsWith("json", StringComparison.Ordinal) ? digit : bytes.Length - 1;
        bytes[place] ^= 1;
        File.WriteAllBytes(_folder.File(changed), bytes);

        Assert.That(LoadedStep(), Is.EqualTo(1));
    }

    [Test]
    public void TryLoad_KilledBeforeTheStateOfTheNewest_FallsBackAndSavesOn()
    {
        Save(new CheckpointStore(_folder.Path), 1);
        File.WriteAllText(_folder.File("2.safetensors"), "torn");
        File.WriteAllText(_folder.File("3.safetensors.partial"), "torn");
        Assert.That(LoadedStep(), Is.EqualTo(1));

        var next = new CheckpointStore(_folder.Path);
        next.TryLoad()!.Dispose();
        Save(next, 3);

        Assert.That(LoadedStep(), Is.EqualTo(3));
    }

    [Test]
    public void Save_CannotWrite_SaysSoInOneSentenceAndKeepsTheOld()
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        // A folder of the file's name stands in for a disk that takes no more.
        Directory.CreateDirectory(_folder.File("2.safetensors"));

        var failure = Assert.Throws<ReplicationException>(() => Save(store, 2))!;

        Assert.Multiple(() =>
        {
            Assert.That(failure.Message, Does.StartWith("Cannot write ").And.EndsWith("nothing was changed there."));
            Assert.That(LoadedStep(), Is.EqualTo(1));
        });
    }

    [TestCase("""{"tensors":null,"digest":null,"state":null}""")]
    [TestCase("""{"tensors":"","digest":"","state":{"step":2}}""")]
    [TestCase("""{"digest":"","state":{"step":2},"state":{"step":2},"tensors":""}""")]
    [TestCase("""{"tensors":"","digest":"","state":{"step":2,"step":2}}""")]
    [TestCase("null")]
    [TestCase("{}")]
    public void TryLoad_NewestHasARepeatedOrNullKey_FallsBackAndSaysSo(string state)
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        File.WriteAllText(_folder.File("2.json"), state);
        var heard = new List<string>();

        using var loaded = new CheckpointStore(_folder.Path, warn: heard.Add).TryLoad()!;

        Assert.That(loaded.State["step"]!.GetValue<long>(), Is.EqualTo(1));
        Assert.That(heard, Has.Count.EqualTo(1).And.One.Contains("2.json cannot be used"));
    }

    [Test]
    public void TryLoad_NewestIsOfNoUse_TriesTheOneBefore()
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);

        using var loaded = new CheckpointStore(_folder.Path).TryLoad(c =>
        {
            if (c.State["step"]!.GetValue<long>() == 2)
                throw new KeyNotFoundException("weights");
        })!;

        Assert.That(loaded.State["step"]!.GetValue<long>(), Is.EqualTo(1));
    }

    [Test]
    public void TryLoad_AllAreDamaged_SaysThatTheRunBeginsAnew()
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        File.WriteAllText(_folder.File("1.safetensors"), "x");
        File.WriteAllText(_folder.File("2.json"), "x");
        var heard = new List<string>();

        Assert.That(new CheckpointStore(_folder.Path, warn: heard.Add).TryLoad(), Is.Null);

        Assert.That(heard, Has.Count.EqualTo(3));
        Assert.That(heard[^1], Does.Contain("the run begins anew"));
    }

    [Test]
    public void TryLoad_KilledBeforeAnyState_SaysNothing()
    {
        File.WriteAllText(_folder.File("1.safetensors"), "torn");
        var heard = new List<string>();

        Assert.That(new CheckpointStore(_folder.Path, warn: heard.Add).TryLoad(), Is.Null);

        Assert.That(heard, Is.Empty);
    }

    [Test]
    public void Save_BeforeItsPartsAreWritten_CallsBack()
    {
        var files = -1;
        Save(new CheckpointStore(_folder.Path, () => files = Directory.GetFiles(_folder.Path).Length), 1);

        Assert.That(files, Is.Zero);
    }

    private static void Save(CheckpointStore store, long step)
    {
        using var weights = full(4, (double)step);
        store.Save(new Dictionary<string, Tensor> { ["weights"] = weights }, new JsonObject { ["step"] = step });
    }

    private long LoadedStep()
    {
        using var checkpoint = new CheckpointStore(_folder.Path).TryLoad()!;
        var step = checkpoint.State["step"]!.GetValue<long>();
        Assert.That(checkpoint.Tensors["weights"][0].item<float>(), Is.EqualTo((float)step));
        return step;
    }
}
