using System.Numerics;
using System.Text;

namespace Replication;

/// <summary>
/// xoshiro256** (Blackman and Vigna): small, fast, and the same numbers on every platform and .NET version.
/// A stream is named by a seed and a purpose, so that its state never needs to be stored: a resumed run derives it again.
/// </summary>
public sealed class RandomStream
{
    private ulong _a, _b, _c, _d;

    /// <summary>The stream of a seed for a named purpose and up to two indices (an epoch, a step, a call).</summary>
    public RandomStream(long seed, string purpose, long first = 0, long second = 0)
    {
        var key = Derive(seed, purpose, first, second);
        _a = SplitMix(ref key);
        _b = SplitMix(ref key);
        _c = SplitMix(ref key);
        _d = SplitMix(ref key);
    }

    /// <summary>A 64-bit value that depends on all the arguments; for seeding other generators.</summary>
    public static ulong Derive(long seed, string purpose, long first = 0, long second = 0)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(purpose))
            hash = (hash ^ b) * 1099511628211UL;
        foreach (var value in (ReadOnlySpan<long>)[seed, first, second])
        {
            hash ^= (ulong)value;
            hash = SplitMix(ref hash);
        }
        return hash;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer from 0 (included) to <paramref name="bound"/> (excluded), without bias.</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong value;
        do
            value = NextUInt64();
        while (value >= limit);
        return (int)(value % (ulong)bound);
    }

    /// <summary>A number from the standard normal distribution (Box and Muller).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
