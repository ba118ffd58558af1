using Replication.Export;
using Replication.Inference;

namespace Replication.Tests.Inference;

public sealed class MemoryTests
{
    // Requests of all lengths; REPLICATION_REQUESTS=100000 asks for the number that a service sees in a day.
    private static readonly int Requests =
        int.TryParse(Environment.GetEnvironmentVariable("REPLICATION_REQUESTS"), out var requests) ? requests : 6000;

    [Test, NonParallelizable]
    public void Predict_ManyTextsOfAllLengths_MemoryStaysFlat()
    {
        using var folder = new TemporaryFolder();
        using var classifier = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"], Quantization.Dynamic), new BertClassifierOptions { Threads = 1 });
        Run(Requests / 3);
        var before = Held();

        Run(Requests);

        Assert.That(Held() - before, Is.LessThan(32 << 20));

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
                classifier.Predict(string.Join(' ', Enumerable.Repeat("good", i % 127)));
        }

        static long Held()
        {
            GC.Collect();
            return Environment.WorkingSet;
        }
    }
}
