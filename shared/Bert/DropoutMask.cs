using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Fills masks in main memory. Elements 4i to 4i + 3 of a mask are decided by the four 16-bit lanes of word i of the
/// SplitMix64 sequence (Steele, Lea and Flood), which can be computed at any place: no order, no state, any number of threads.
/// </summary>
internal static class DropoutMask
{
    private const ulong Gamma = 0x9E3779B97F4A7C15UL;
    private const int Block = 16;
    private const int BlocksPerTask = 1 << 14;

    /// <summary>Fills a contiguous mask with 0, at the given probability, or 1 / (1 - p).</summary>
    public static unsafe void Fill(Tensor mask, ulong key, double probability)
    {
        var threshold = (ushort)Math.Round(probability * 65536, MidpointRounding.AwayFromZero);
        var scale = (float)(1 / (1 - probability));
        switch (mask.dtype)
        {
            case ScalarType.Float32:
                Fill<WideLanes>(mask, key, threshold, BitConverter.SingleToUInt32Bits(scale));
                break;
            case ScalarType.BFloat16:
                Fill<NarrowLanes>(mask, key, threshold, RoundToBFloat16(scale));
                break;
            case ScalarType.Float16:
                Fill<NarrowLanes>(mask, key, threshold, BitConverter.HalfToUInt16Bits((Half)scale));
                break;
            default:
                throw new NotSupportedException($"Dropout of {mask.dtype} is not supported.");
        }
    }

    private static unsafe void Fill<TLanes>(Tensor mask, ulong key, ushort threshold, uint scaleBits) where TLanes : ILanes
    {
        fixed (byte* bytes = mask.bytes)
        {
            var start = bytes;
            var size = TLanes.ElementSize;
            var elements = mask.numel();
            var blocks = elements / Block;
            var tasks = (int)((blocks + BlocksPerTask - 1) / BlocksPerTask);
            if (tasks > 1)
                Parallel.For(0, tasks, task => FillBlocks(task * (long)BlocksPerTask, Math.Min(blocks, (task + 1L) * BlocksPerTask)));
            else
                FillBlocks(0, blocks);

            var rest = (int)(elements - blocks * Block);
            if (rest > 0)
            {
                var last = stackalloc byte[Block * 4];
                TLanes.Store(Kept(key, blocks, threshold), scaleBits, last);
                new ReadOnlySpan<byte>(last, rest * size).CopyTo(new Span<byte>(start + blocks * Block * size, rest * size));
            }

            void FillBlocks(long from, long to)
            {
                for (var block = from; block < to; block++)
                    TLanes.Store(Kept(key, block, threshold), scaleBits, start + block * Block * size);
            }
        }
    }

    // All bits of a lane are set where the element stays.
    private static Vector256<ushort> Kept(ulong key, long block, ushort threshold)
    {
        var place = (ulong)block * 4;
        var z = (Vector256.Create(place) + Vector256.Create(0UL, 1, 2, 3)) * Vector256.Create(Gamma) + Vector256.Create(key);
        z = (z ^ (z >>> 30)) * Vector256.Create(0xBF58476D1CE4E5B9UL);
        z = (z ^ (z >>> 27)) * Vector256.Create(0x94D049BB133111EBUL);
        z ^= z >>> 31;
        return Vector256.GreaterThanOrEqual(z.AsUInt16(), Vector256.Create(threshold));
    }

    private static uint RoundToBFloat16(float value)
    {
        // Round half to even on the upper 16 bits.
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    }

    private interface ILanes
    {
        static abstract int ElementSize { get; }

        static abstract unsafe void Store(Vector256<ushort> kept, uint scaleBits, byte* target);
    }

    private readonly struct NarrowLanes : ILanes
    {
        public static int ElementSize => 2;

        public static unsafe void Store(Vector256<ushort> kept, uint scaleBits, byte* target) =>
            (kept & Vector256.Create((ushort)scaleBits)).Store((ushort*)target);
    }

    private readonly struct WideLanes : ILanes
    {
        public static int ElementSize => 4;

        public static unsafe void Store(Vector256<ushort> kept, uint scaleBits, byte* target)
        {
            // Sign extension turns a lane of ones into 32 ones.
            var (lower, upper) = Vector256.Widen(kept.AsInt16());
            var scale = Vector256.Create((int)scaleBits);
            (lower & scale).Store((int*)target);
            (upper & scale).Store((int*)target + 8);
        }
    }
}
