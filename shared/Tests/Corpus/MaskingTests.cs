using Replication.Bert.Tokenization;
using Replication.Corpus;

namespace Replication.Tests.Corpus;

/// <summary>Which tokens are hidden, and by what.</summary>
public sealed class MaskingTests
{
    private const int Vocabulary = 1000, Cls = 2, Sep = 3, Mask = 4, Rare = 600;

    private static readonly SpecialTokens Special = new(Padding: 0, Unknown: 1, Cls, Sep, Mask);

    // Ids from 600 on occur once, the others a thousand times.
    private static readonly long[] Counts = [.. Enumerable.Range(0, Vocabulary).Select(id => id < Rare ? 1000L : 1)];

    private static Masking With(MaskingRecipe recipe, long seed = 1) => new(recipe, Special, Counts, seed);

    private static IReadOnlyList<int[]> Batch(int rows = 64) =>
        [.. Enumerable.Range(0, rows)
            .Select(row => (int[])[Cls, .. Enumerable.Range(0, 98).Select(i => 5 + ((row * 98 + i) * 37 % 990)), Sep])];

    private static IEnumerable<(int Before, int After)> Hidden(IReadOnlyList<int[]> before, MaskedSequences masked) =>
        from row in Enumerable.Range(0, before.Count)
        from place in Enumerable.Range(0, before[row].Length)
        where masked.Targets[row][place] != Masking.NoTarget
        select (before[row][place], masked.Inputs[row][place]);

    [Test]
    public void Apply_Plain_PredictsTheShareOfAllTokens()
    {
        var batch = Batch();
        Assert.That(Hidden(batch, With(new MaskingRecipe()).Apply(batch, 0)).Count(), Is.EqualTo(Math.Ceiling(0.15 * 64 * 100)));
    }

    [Test]
    public void Apply_Plain_HidesFourFifthsAndReplacesATenth()
    {
        var batch = Batch(rows: 400);
        var hidden = Hidden(batch, With(new MaskingRecipe()).Apply(batch, 0)).ToList();
        Assert.That(hidden.Count(h => h.After == Mask) / (double)hidden.Count, Is.EqualTo(0.8).Within(0.02));
        Assert.That(hidden.Count(h => h.After == h.Before) / (double)hidden.Count, Is.EqualTo(0.1).Within(0.02));
    }

    [Test]
    public void Apply_Targets_AreTheTokensThemselvesAndTheRestIsUntouched()
    {
        var batch = Batch();
        var masked = With(new MaskingRecipe()).Apply(batch, 3);
        for (var row = 0; row < batch.Count; row++)
        {
            for (var place = 0; place < batch[row].Length; place++)
            {
                var target = masked.Targets[row][place];
                Assert.That(target == Masking.NoTarget ? masked.Inputs[row][place] : target, Is.EqualTo(batch[row][place]));
            }
        }
    }

    [Test]
    public void Apply_SpecialTokens_AreNeverChosen()
    {
        IReadOnlyList<int[]> batch = [[Cls, 0, 1, Mask, 7, Sep]];
        var masked = With(new MaskingRecipe { Share = 0.9 }).Apply(batch, 0);
        Assert.That(masked.Targets[0],
            Is.EqualTo(new[] { Masking.NoTarget, Masking.NoTarget, Masking.NoTarget, Masking.NoTarget, 7, Masking.NoTarget }));
    }

    [Test]
    public void Apply_Smoothed_FavoursRareTokens()
    {
        var batch = Batch();
        double Share(MaskingRecipe recipe) => Hidden(batch, With(recipe).Apply(batch, 0)).Average(h => h.Before >= Rare ? 1.0 : 0);
        Assert.That(Share(new MaskingRecipe()), Is.EqualTo(0.4).Within(0.05));
        Assert.That(Share(MaskingRecipe.OfficialCode), Is.GreaterThan(0.95));
    }

    [Test]
    public void Apply_SameSeedAndStep_IsTheSame()
    {
        var batch = Batch();
        Assert.That(With(MaskingRecipe.OfficialCode).Apply(batch, 7).Inputs,
            Is.EqualTo(With(MaskingRecipe.OfficialCode).Apply(batch, 7).Inputs));
    }

    [TestCase(1, 8)]
    [TestCase(2, 7)]
    public void Apply_OtherSeedOrStep_IsMaskedAnew(long seed, long step)
    {
        var batch = Batch();
        Assert.That(With(new MaskingRecipe(), seed).Apply(batch, step).Targets,
            Is.Not.EqualTo(With(new MaskingRecipe()).Apply(batch, 7).Targets));
    }

    [TestCase(0, 0.8, 0.1, 0, "predicted tokens")]
    [TestCase(0.15, 0.8, 0.3, 0, "replaced")]
    [TestCase(0.15, 0.8, 0.1, -1, "smoothing")]
    public void Validate_OutOfRange_NamesTheValue(double share, double masked, double replaced, double smoothing, string named) =>
        Assert.That(
        () => With(new MaskingRecipe { Share = share, Masked = masked, Replaced = replaced, Smoothing = smoothing }),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(named));
}
