using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class PickleGoldenTests
{
    [TestCase("bert_pickle_zip/pytorch_model.bin")]
    [TestCase("bert_pickle_legacy/pytorch_model.bin")]
    public void OpenClassifier_PickledWeights_LogitsAgree(string golden)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("tiny_bert_outputs.safetensors"));
        using var model = ModelFolder.OpenClassifier(GoldenModel.TinyFolder(golden, "pytorch_model.bin"), 3);

        var output = model.call(GoldenModel.Batch(expected), EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"], 1e-4, "logits");
    }

    [TestCase("bert_pickle_zip/pytorch_model.bin")]
    [TestCase("bert_pickle_legacy/pytorch_model.bin")]
    public void Read_EveryTensor_IsTheOneInSafetensors(string golden)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("tiny_bert_weights.safetensors"));
        using var file = PickleFile.Open(GoldenFiles.Require(golden));

        Assert.That(file.Tensors, Has.Count.EqualTo(expected.Count));
        foreach (var (name, value) in expected)
        {
            var stored = file.Tensors.ContainsKey(name) ? name : name.Replace("Norm.weight", "Norm.gamma", StringComparison.Ordinal)
                .Replace("Norm.bias", "Norm.beta", StringComparison.Ordinal);
            Assert.That(GoldenModel.AreEqual(file.Read(stored), value), Is.True, name);
        }
    }

    // Every prefix and every byte that is changed must end in a sentence, never in another exception.
    [TestCase("bert_pickle_zip/pytorch_model.bin")]
    [TestCase("bert_pickle_legacy/pytorch_model.bin")]
    public void Open_DamagedFile_IsReadOrRefusedWithASentence(string golden)
    {
        using var scope = NewDisposeScope();
        var bytes = File.ReadAllBytes(GoldenFiles.Require(golden));
        var path = Path.Combine(TestFolder.Create(), "pytorch_model.bin");
        var random = new RandomStream(1, golden);
        var refused = 0;
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var damaged = attempt % 4 == 0 ? bytes[..random.NextInt32(bytes.Length)] : (byte[])bytes.Clone();
            if (attempt % 4 != 0)
                damaged[random.NextInt32(Math.Min(damaged.Length, 9000))] ^= (byte)(1 << random.NextInt32(8));
            File.WriteAllBytes(path, damaged);
            try
            {
                using var file = PickleFile.Open(path);
                foreach (var name in file.Tensors.Keys)
                    file.Read(name).Dispose();
            }
            catch (ReplicationException e)
            {
                refused++;
                Assert.That(e.Message, Does.Contain(path));
            }
        }
        Assert.That(refused, Is.GreaterThan(50));
    }
}
