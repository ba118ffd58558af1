using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Studies;
using Replication.Tests;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.TinyBERT.Tests;

[TestFixture]
internal sealed class TransformerLossTests
{
    private const double Tolerance = 1e-4;

    [TestCase(true, "tinybert.attn.mean_with_masked_columns_zero (official code)")]
    [TestCase(false, "tinybert.attn.mean_over_real_tokens")]
    [Category("Golden")]
    public void AttentionMatching_Inputs_GivesPyTorchsValue(bool official, string name)
    {
        var matching = (official ? TransformerDistillation.OfficialCode : TransformerDistillation.Paper).Attention;
        using var loss = matching.Loss(
            GoldenLosses.Input("student_scores"), GoldenLosses.Input("teacher_scores"), GoldenLosses.Input("token_mask"));
        Assert.That(loss.item<float>(), Is.EqualTo(GoldenLosses.Value(name)).Within(Tolerance));
    }

    [TestCase(true, 2602.25)]
    [TestCase(false, 3227.25)]
    public void AttentionMatching_ScoresFarBelowZero_AreDroppedInTheOfficialForm(bool drops, double expected)
    {
        using var scope = NewDisposeScope();
        var student = tensor((float[])[-150, 1, 2, 3], [1, 1, 2, 2]);
        var teacher = tensor((float[])[-100, 0, 0, -99], [1, 1, 2, 2]);
        // Dropped: (0 - 0)^2 + 1^2 + 2^2 + (3 + 99)^2 = 10409 over 4; kept: 50^2 in place of 0.
        var matching = new AttentionMatching(TokenReduction.MeanWithPadding) { DropsFarBelowZero = drops };
        Assert.That(matching.Loss(student, teacher, ones([1, 2], ScalarType.Int64)).item<float>(), Is.EqualTo(expected).Within(1e-3));
        Assert.That(TransformerDistillation.OfficialCode.Attention.DropsFarBelowZero, Is.True);
    }

    [TestCase(true, "tinybert.hidn.mean_with_padding (official code)")]
    [TestCase(false, "tinybert.hidn.mean_over_real_tokens")]
    [Category("Golden")]
    public void HiddenMatching_ProjectedInputs_GivesPyTorchsValue(bool official, string name)
    {
        var matching = (official ? TransformerDistillation.OfficialCode : TransformerDistillation.Paper).Hidden;
        using var projected = nn.functional.linear(
            GoldenLosses.Input("student_small_hidden"), GoldenLosses.Input("projection"), GoldenLosses.Input("projection_bias"));
        using var loss = matching.Loss(projected, GoldenLosses.Input("teacher_hidden"), GoldenLosses.Input("token_mask"));
        Assert.That(loss.item<float>(), Is.EqualTo(GoldenLosses.Value(name)).Within(Tolerance));
    }

    [TestCase(Reduction.BatchMean, "tinybert.pred.soft_cross_entropy_batch_mean (paper)")]
    [TestCase(Reduction.ElementMean, "tinybert.pred.mean_over_batch_and_classes (official code)")]
    [Category("Golden")]
    public void PredictionLoss_Logits_GivesPyTorchsValue(Reduction reduction, string name)
    {
        using var loss = new SoftTargets { Reduction = reduction }.Loss(
            GoldenLosses.Input("student_logits"), GoldenLosses.Input("teacher_logits"));
        Assert.That(loss.item<float>(), Is.EqualTo(GoldenLosses.Value(name)).Within(Tolerance));
    }

    [Test]
    public void Of_TermLeftOut_IsNeitherComputedNorAskedFor()
    {
        using var projections = new Projections(StudentConfig, TeacherConfig.HiddenSize, shared: false, 1, CPU);
        var loss = new TransformerLoss(
            new TransformerDistillation { Terms = Terms.All & ~Terms.Attention }, StudentConfig, TeacherConfig, projections);
        using var student = new BertModel(StudentConfig, 1);
        using var teacher = new BertModel(TeacherConfig, 2);
        var tokens = Tokens();
        var terms = loss.Of(student.call(tokens, loss.Request), teacher.call(tokens, loss.Request), tokens.AttentionMask);
        Assert.That(terms.Select(t => t.Name), Is.EqualTo((string[])["L_hidn", "L_embd"]));
        Assert.That(loss.Request, Is.EqualTo(EncoderOutputs.HiddenStates));
    }

    [Test]
    public void Of_RealTokensOnly_DoesNotDependOnPadding()
    {
        using var projections = new Projections(StudentConfig, TeacherConfig.HiddenSize, shared: false, 1, CPU);
        using var student = new BertModel(StudentConfig, 1);
        using var teacher = new BertModel(TeacherConfig, 2);
        double[] Values(TransformerDistillation method, TokenBatch tokens)
        {
            var loss = new TransformerLoss(method, StudentConfig, TeacherConfig, projections);
            return [
                .. loss.Of(student.call(tokens, loss.Request), teacher.call(tokens, loss.Request), tokens.AttentionMask)
                .Select(t => (double)t.Value.item<float>())];
        }
        var paper = TransformerDistillation.Paper;
        Assert.That(Values(paper, Tokens(padding: 5)), Is.EqualTo(Values(paper, Tokens())).Within(1e-5));
        var padded = paper with { Hidden = new(TokenReduction.MeanWithPadding), Attention = new(TokenReduction.MeanWithPadding) };
        Assert.That(Values(padded, Tokens(padding: 5))[0], Is.Not.EqualTo(Values(padded, Tokens())[0]).Within(1e-5));
    }

    [Test]
    public void Of_ShortBatchOfTheOfficialForm_HasTheLossesOfOnePaddedToMaxLength()
    {
        const int MaxLength = 16;
        using var projections = new Projections(StudentConfig, TeacherConfig.HiddenSize, shared: true, 1, CPU);
        using var student = new BertModel(StudentConfig, 1);
        using var teacher = new BertModel(TeacherConfig, 2);
        var loss = new TransformerLoss(TransformerDistillation.OfficialCode, StudentConfig, TeacherConfig, projections);
        var data = new EncodedDataset(GlueTasks.Parse("SST-2"), [new EncodedExample(0, [2, 7, 9, 11, 3], 5, 1)], "");
        double[] Values(TokenBatch tokens) => [
            .. loss.Of(student.call(tokens, loss.Request), teacher.call(tokens, loss.Request), tokens.AttentionMask)
            .Select(t => (double)t.Value.item<float>())];
        double[] OfForm(Switches form)
        {
            var recipe = form.Intermediate(new TrainingRecipe { MaxLength = MaxLength });
            using var batch = GlueBatch.Collate(data, [0], CPU, recipe.PaddedLength(5));
            return Values(batch.Tokens);
        }
        var padded = Values(Tokens(padding: MaxLength - 5));
        Assert.That(OfForm(Switches.OfficialCode), Is.EqualTo(padded).Within(1e-6));
        // Without padding L_attn is about MaxLength / 5 times as large.
        Assert.That(OfForm(new Switches())[0] / padded[0], Is.EqualTo(MaxLength / 5.0).Within(1));
    }

    [TestCase(12, 4, MapStrategy.Uniform, "uniform 1<3 2<6 3<9 4<12")]
    [TestCase(12, 6, MapStrategy.Uniform, "uniform 1<2 2<4 3<6 4<8 5<10 6<12")]
    [TestCase(6, 4, MapStrategy.Uniform, "uniform 1<1 2<3 3<4 4<6")]
    [TestCase(6, 3, MapStrategy.Uniform, "uniform 1<2 2<4 3<6")]
    [TestCase(12, 4, MapStrategy.Top, "top 1<9 2<10 3<11 4<12")]
    [TestCase(12, 4, MapStrategy.Bottom, "bottom 1<1 2<2 3<3 4<4")]
    public void LayerMap_Depths_IsThePapers(int teacher, int student, MapStrategy strategy, string expected) =>
        Assert.That(TinyLayerMaps.Of(strategy, teacher, student).ToString(), Is.EqualTo(expected));

    [TestCase(MapStrategy.Uniform)]
    [TestCase(MapStrategy.Top)]
    [TestCase(MapStrategy.Bottom)]
    public void LayerMap_DeeperStudent_IsRefused(MapStrategy strategy) =>
        Assert.That(
            () => TinyLayerMaps.Of(strategy, 4, 6),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("more than its teacher's 4"));

    [Test]
    public void Check_OtherNumberOfHeads_IsRefused() => Assert.That(
        () => TransformerLoss.Check(TransformerDistillation.Paper, StudentConfig with { NumAttentionHeads = 4 }, TeacherConfig),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains(
            "4 attention heads and its teacher 2; matching their attention needs equally many, so name a teacher of 4 heads "
                + "with --teacher."));

    [Test]
    public void Check_HeadsThatDoNotDivideTheSize_IsRefused() => Assert.That(
        () => TransformerLoss.Check(TransformerDistillation.Paper, StudentConfig with { HiddenSize = 313 }, TeacherConfig),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("313 cannot be shared by 2 heads"));

    private static BertConfig TeacherConfig { get; } = new()
    {
        VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 20,
    };

    private static BertConfig StudentConfig { get; } = TeacherConfig with { HiddenSize = 8, NumHiddenLayers = 2, IntermediateSize = 16 };

    private static TokenBatch Tokens(int padding = 0)
    {
        long[] row = [2, 7, 9, 11, 3];
        long[] Padded(IEnumerable<long> values) => [.. values, .. Enumerable.Repeat(0L, padding)];
        long[] shape = [1, 5 + padding];
        return new TokenBatch(tensor(Padded(row), shape), zeros(shape, ScalarType.Int64), tensor(Padded([1, 1, 1, 1, 1]), shape));
    }
}
