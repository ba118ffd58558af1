namespace Replication.Corpus;

/// <summary>
/// A shuffled order of 0 to n - 1 that needs no memory: a four-round Feistel network on the next even number of bits, walked
/// until it falls below n (Black and Rogaway, 2002).
/// </summary>
/// <param name="count">n.</param>
/// <param name="seed">The seed.</param>
/// <param name="epoch">Which of the seed's orders.</param>
public sealed class Permutation(long count, long seed, long epoch)
{
    private const int Rounds = 4;

    private readonly int _halfBits = Math.Max(1, (65 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(1, count - 1))) / 2);
    private readonly ulong[] _keys =
        [.. Enumerable.Range(0, Rounds).Select(round => RandomStream.Derive(seed, "corpus order", epoch, round))];

    /// <summary>The number at a place of the order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is not below n.</exception>
    public long this[long place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, count);
            var value = (ulong)place;
            do
                value = Encrypt(value);
            while (value >= (ulong)count);
            return (long)value;
        }
    }

    private ulong Encrypt(ulong value)
    {
        var mask = (1UL << _halfBits) - 1;
        var (left, right) = (value >> _halfBits, value & mask);
        foreach (var key in _keys)
            (left, right) = (right, left ^ (Mix(right ^ key) & mask));
        return (left << _halfBits) | right;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
