using static TorchSharp.torch;

namespace Replication.DistilBERT.Tests;

/// <summary>The three terms against PyTorch's values, and the presets against what they name.</summary>
public sealed class TripleLossTests
{
    private const long NoTarget = -100;

    [Test]
    [Category("Golden")]
    public void Soft_AllTokens_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        var real = Places(GoldenLosses.Input("token_mask"), 1);
        GoldenLosses.AssertClose(Soft(TripleLoss.OfficialCode, real).item<float>(), "distilbert.ce.T2.all_tokens");
    }

    [Test]
    [Category("Golden")]
    public void Soft_HiddenWordsOnly_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        GoldenLosses.AssertClose(Soft(TripleLoss.OfficialCode, HiddenWords()).item<float>(), "distilbert.ce.T2.masked_tokens_only");
    }

    [Test]
    [Category("Golden")]
    public void Masked_HiddenWords_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        var places = HiddenWords();
        var words = GoldenLosses.Input("mlm_labels").flatten().index_select(0, places);
        GoldenLosses.AssertClose(
            (TripleLoss.MaskedSum(At("student_vocab_logits", places), words) / places.shape[0]).item<float>(), "distilbert.mlm");
    }

    [Test]
    [Category("Golden")]
    public void Cosine_AllTokens_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        var real = Places(GoldenLosses.Input("token_mask"), 1);
        GoldenLosses.AssertClose(
            TripleLoss.Cosine(At("student_hidden", real), At("teacher_hidden", real)).item<float>(), "distilbert.cos.all_tokens");
    }

    [Test]
    [Category("Golden")]
    public void OfficialCode_Weights_AddUpToTheReferences()
    {
        var loss = TripleLoss.OfficialCode;
        var total = (loss.SoftWeight * GoldenLosses.Value("distilbert.ce.T2.all_tokens"))
            + (loss.MaskedWeight * GoldenLosses.Value("distilbert.mlm"))
            + (loss.CosineWeight * GoldenLosses.Value("distilbert.cos.all_tokens"));
        GoldenLosses.AssertClose(total, "distilbert.triple.5_2_1");
    }

    // The printed formula lacks the teacher's own entropy and T squared: another value, the same direction.
    [Test]
    public void Paper_Soft_HasTheOfficialGradientDividedByTSquared()
    {
        using var scope = NewDisposeScope();
        var (official, paper) = (Gradient(TripleLoss.OfficialCode), Gradient(TripleLoss.Paper));
        Assert.That((official - (paper * 4)).abs().max().item<float>(), Is.LessThan(1e-6));
        Assert.That(official.abs().max().item<float>(), Is.GreaterThan(1e-3));

        static Tensor Gradient(TripleLoss loss)
        {
            manual_seed(3);
            var (student, teacher) = (randn(5, 9).requires_grad_(true), randn(5, 9));
            loss.SoftSum(student, teacher).backward();
            return student.grad!;
        }
    }

    [Test]
    public void Presets_Weights_AreTheAuthors() => Assert.Multiple(() =>
    {
        Assert.That(
            (TripleLoss.OfficialCode.SoftWeight, TripleLoss.OfficialCode.MaskedWeight, TripleLoss.OfficialCode.CosineWeight,
            TripleLoss.OfficialCode.Temperature), Is.EqualTo((5.0, 2.0, 1.0, 2.0)));
        Assert.That(
            (TripleLoss.Thirds.SoftWeight, TripleLoss.Thirds.MaskedWeight, TripleLoss.Thirds.CosineWeight),
            Is.EqualTo((1.0 / 3, 1.0 / 3, 1.0 / 3)));
        Assert.That(TripleLoss.MaskedOnly.NeedsTeacher, Is.False);
    });

    [TestCase(-1, 1, 1, 2, "L_ce")]
    [TestCase(1, double.NaN, 1, 2, "L_mlm")]
    [TestCase(1, 1, 2000, 2, "L_cos")]
    [TestCase(0, 0, 0, 2, "All weights")]
    [TestCase(1, 1, 1, 0, "temperature")]
    public void Validate_OutOfRange_NamesTheValue(double soft, double masked, double cosine, double temperature, string named) =>
        Assert.That(
        () => new TripleLoss { SoftWeight = soft, MaskedWeight = masked, CosineWeight = cosine, Temperature = temperature }.Validate(),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(named));

    [Test]
    public void Cosine_StudentNarrowerThanTeacher_IsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.That(
            () => TripleLoss.Cosine(zeros(2, 4), zeros(2, 8)), Throws.TypeOf<ReplicationException>().With.Message.Contains("as wide as"));
    }

    private static Tensor Soft(TripleLoss loss, Tensor places) =>
        loss.SoftSum(At("student_vocab_logits", places), At("teacher_vocab_logits", places)) / places.shape[0];

    private static Tensor At(string name, Tensor places) => GoldenLosses.Input(name).flatten(0, 1).index_select(0, places);

    private static Tensor HiddenWords()
    {
        var labels = GoldenLosses.Input("mlm_labels");
        return labels.flatten().ne(NoTarget).nonzero().flatten();
    }

    private static Tensor Places(Tensor mask, long value) => mask.flatten().eq(value).nonzero().flatten();
}
