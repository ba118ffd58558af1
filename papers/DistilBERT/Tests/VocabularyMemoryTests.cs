using System.Globalization;

namespace Replication.DistilBERT.Tests;

/// <summary>The memory that the loss over the vocabulary takes at the size of a real batch.</summary>
public sealed class VocabularyMemoryTests
{
    private const long Limit = 2L << 30;
    private const string Peak = "VmHWM:", Now = "VmRSS:";

    // The logits alone, once for each model, would take 1 GB; softmax and gradients several times as much. The operating system's
    // own peak misses no moment but counts the models too.
    [Test]
    public void Execute_32Times128TokensOf30522Words_AddsLessThanTwoGibibytes()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The peak of a process can be set back on Linux only.");
        using var place = new TinyWorkplace();
        SetBackPeak();
        var before = Read(Now);

        // Narrow, so that it takes seconds: the states are the smaller part of the memory.
        var added = place.Run(new VocabularyMemorySpec { Width = 48 }).Result.Facts[VocabularyMemorySpec.AddedBytes];

        var peak = Read(Peak) - before;
        TestContext.Out.WriteLine(FormattableString.Invariant($"added {added / (1 << 20):0} MiB, peak {peak >> 20} MiB"));
        Assert.That(peak, Is.LessThan(Limit));
        // What other tests left behind may be given back in between, so that the two do not begin at the same level.
        Assert.That(added, Is.InRange(0.5 * peak, Limit));
    }

    private static void SetBackPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Ignore("The peak of this process cannot be set back here.");
        }
    }

    // "VmHWM:    123456 kB"
    private static long Read(string key) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
