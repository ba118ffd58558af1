using Replication.Bert;
using TorchSharp;

namespace Replication.Tests.CommandLine;

public sealed class InitStudentVerbTests
{
    private static readonly BertConfig Config = new()
    {
        VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 4, NumAttentionHeads = 2, IntermediateSize = 16, MaxPositionEmbeddings = 8,
    };

    [TestCase("init-student", "every-second", new[] { 0, 2 })]
    [TestCase("init-student", "official-code", new[] { 0, 3 })]
    [TestCase("halve", "every-second", new[] { 0, 2 })]
    public void InitStudent_ABertFolder_WritesADistilBertOfItsLayers(string verb, string start, int[] layers)
    {
        using var session = new Session();
        var (bert, distil) = (Path.Combine(session.Root, "bert"), Path.Combine(session.Root, "distil"));
        using var model = new BertForMaskedLM(Config, seed: 1);
        ModelFolder.Save(model, bert, null);

        var call = session.Run(verb, "--model", bert, "--output", distil, "--start", start);

        Assert.That(call.Exit, Is.Zero, call.Error);
        using var student = ModelFolder.OpenMaskedLM(distil);
        Assert.That(student.Config.Kind, Is.EqualTo(EncoderKind.DistilBert));
        for (var i = 0; i < layers.Length; i++)
        {
            var (copied, source) = ($"bert.encoder.layer.{i}.output.dense.weight", $"bert.encoder.layer.{layers[i]}.output.dense.weight");
            Assert.That(student.get_parameter(copied)!.eq(model.get_parameter(source)!).all().item<bool>(), Is.True, copied);
        }
    }

    [Test]
    public void InitStudent_OntoTheModelItself_IsRefused()
    {
        using var session = new Session();
        var bert = Path.Combine(session.Root, "bert");
        using var model = new BertForMaskedLM(Config, seed: 1);
        ModelFolder.Save(model, bert, null);

        var call = session.Run("init-student", "--model", bert, "--output", bert + "/");

        Assert.That((call.Exit, call.Error),
            Is.EqualTo((2, $"error: --output is {bert}, which is the model itself; name another folder.\n")));
        Assert.That(ModelFolder.ReadConfig(bert), Is.EqualTo(Config));
    }

    [Test]
    public void InitStudent_AFineTunedModel_SaysWhatIsMissing()
    {
        using var session = new Session();
        using var model = new BertForSequenceClassification(Config, 2, seed: 1);
        ModelFolder.Save(model, Path.Combine(session.Root, "tuned"), ["a", "b"], null);

        var call = session.Run(
            "init-student", "--model", Path.Combine(session.Root, "tuned"), "--output", Path.Combine(session.Root, "distil"));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("no prediction head"));
    }
}
