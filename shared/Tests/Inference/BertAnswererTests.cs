using Replication.Bert;
using Replication.Export;
using Replication.Inference;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Inference;

public sealed class BertAnswererTests
{
    private const string Passage = "a good \U0001F3AC film with bad songs . bad songs with a good film .";

    [Test]
    public void Answer_APassageWithAPairOfSurrogates_TellsBothPlaces()
    {
        using var folder = new TemporaryFolder();
        using var answerer = BertAnswerer.Open(Write(folder));

        var answer = answerer.Answer("good film", Passage);

        foreach (var span in answer.Best)
        {
            Assert.That(Passage.Substring(span.Utf16Start, span.Text.Length), Is.EqualTo(span.Text));
            Assert.That(span.Utf16Start - span.Start, Is.EqualTo(span.Start > "a good ".Length ? 1 : 0), span.Text);
        }
        Assert.That(answer.Best.Select(span => span.Utf16Start - span.Start).Distinct(), Is.EquivalentTo(new[] { 0, 1 }));
        Assert.That(answer.Utf16Start, Is.EqualTo(answer.Best[0].Utf16Start));
    }

    [Test]
    public void AnswerAll_InWindows_IsWhatTorchSharpSays()
    {
        using var folder = new TemporaryFolder();
        var windowing = new Windowing(MaxLength: 14, Stride: 4);
        using var onnx = BertAnswerer.Open(Write(folder), new BertAnswererOptions { Windowing = windowing });
        using var torch = QuestionAnswerer.Open(folder.File("answers"), windowing);
        QuestionInput[] questions = [new("good", Passage), new("bad film", "songs"), new("", Passage)];

        var (one, other) = (onnx.AnswerAll(questions), torch.AnswerAll(questions));

        for (var i = 0; i < questions.Length; i++)
        {
            Assert.That(one[i].Text, Is.EqualTo(other[i].Text));
            Assert.That(one[i].Best.Select(b => b.Score), Is.EqualTo(other[i].Best.Select(b => b.Score)).Within(1e-5));
            Assert.That(one[i].NullScore, Is.EqualTo(other[i].NullScore).Within(1e-5));
        }
    }

    [Test]
    public void Open_WindowsThatAreTooLong_NamesTheRange()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder);

        Assert.That(
            () => BertAnswerer.Open(path, new BertAnswererOptions { Windowing = new Windowing(MaxLength: 33) }),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("Windowing.MaxLength is 33; it must be from 1 to 32"));
    }

    [Test]
    public void Open_AClassifier_NamesItsOutputs()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);

        Assert.That(() => BertAnswerer.Open(path), Throws.TypeOf<ReplicationException>().With.Message.Contains("has the outputs logits"));
        Assert.That(() => BertChoiceClassifier.Open(path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("has 2 outputs for a text"));
    }

    private static string Write(TemporaryFolder folder)
    {
        var (source, target) = (TinyModel.WriteQuestionAnswering(folder), folder.File("onnx"));
        Directory.CreateDirectory(target);
        foreach (var name in (string[])["config.json", "vocab.txt"])
            File.Copy(Path.Combine(source, name), Path.Combine(target, name));
        using var model = ModelFolder.OpenQuestionAnswering(source);
        OnnxFile.Write(Path.Combine(target, "model.onnx"), model, new OnnxForm(Quantization.None, Fused: false));
        return target;
    }
}
