using Replication.Bert.Tokenization;

namespace Replication.Corpus;

/// <summary>Sequences of which some tokens are hidden.</summary>
/// <param name="Inputs">What the model sees.</param>
/// <param name="Targets">The hidden tokens at their places, <see cref="Masking.NoTarget"/> elsewhere.</param>
public sealed record MaskedSequences(IReadOnlyList<int[]> Inputs, IReadOnlyList<int[]> Targets)
{
    /// <summary>The sequences at some places, in that order.</summary>
    public MaskedSequences Take(IEnumerable<int> places)
    {
        int[] chosen = [.. places];
        return new([.. chosen.Select(i => Inputs[i])], [.. chosen.Select(i => Targets[i])]);
    }
}

/// <summary>
/// Dynamic masking: which tokens of a batch are to be predicted, and what the model sees in their place. A pure function of
/// batch, seed and step, so that a sequence is masked anew each time it comes and a resumed training sees the same.
/// </summary>
public sealed class Masking
{
    /// <summary>The target of a token that is not to be predicted, which PyTorch's losses leave out.</summary>
    public const int NoTarget = -100;

    private readonly MaskingRecipe _recipe;
    private readonly int _maskId;
    private readonly double[] _weights;
    private readonly long _seed;

    /// <summary>Prepares the masking of a corpus.</summary>
    /// <param name="recipe">How tokens are chosen.</param>
    /// <param name="special">[CLS], [SEP] and the like, which are never chosen.</param>
    /// <param name="counts">How often each token of the vocabulary occurs in the corpus.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ReplicationException">A value of the recipe is out of its range.</exception>
    public Masking(MaskingRecipe recipe, SpecialTokens special, IReadOnlyList<long> counts, long seed)
    {
        (_recipe, _maskId, _seed) = (recipe.Validate(), special.Mask, seed);
        _weights = [.. counts.Select(count => Math.Pow(Math.Max(count, 1), -recipe.Smoothing))];
        foreach (var id in (int[])[special.Padding, special.Unknown, special.Classification, special.Separator, special.Mask])
            _weights[id] = 0;
    }

    /// <summary>Masks a batch: the share of all its tokens, rounded up, drawn without putting back.</summary>
    public MaskedSequences Apply(IReadOnlyList<int[]> sequences, long step)
    {
        var random = new RandomStream(_seed, "masking", step);
        int[][] inputs = [.. sequences.Select(s => (int[])s.Clone())];
        int[][] targets = [.. sequences.Select(s => Enumerable.Repeat(NoTarget, s.Length).ToArray())];
        foreach (var (row, place) in Choose(sequences, random))
        {
            targets[row][place] = sequences[row][place];
            var what = random.NextDouble();
            if (what < _recipe.Masked)
                inputs[row][place] = _maskId;
            else if (what < _recipe.Masked + _recipe.Replaced)
                inputs[row][place] = random.NextInt32(_weights.Length);
        }
        return new MaskedSequences(inputs, targets);
    }

    // The n largest keys log(u) / w are a draw without putting back by the weights w (Efraimidis and Spirakis, 2006).
    private IEnumerable<(int Row, int Place)> Choose(IReadOnlyList<int[]> sequences, RandomStream random)
    {
        var wanted = (int)Math.Ceiling(_recipe.Share * sequences.Sum(s => s.Length));
        var keys = new List<(double Key, int Row, int Place)>();
        foreach (var (row, sequence) in sequences.Index())
        {
            foreach (var (place, id) in sequence.Index())
            {
                var weight = _weights[id];
                if (weight > 0)
                    keys.Add((Math.Log(1 - random.NextDouble()) / weight, row, place));
            }
        }
        return keys.OrderByDescending(k => k.Key).Take(wanted).Select(k => (k.Row, k.Place)).OrderBy(k => k);
    }
}
