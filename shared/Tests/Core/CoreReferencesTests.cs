using System.Reflection;

namespace Replication.Tests.Core;

/// <summary>What a small runtime drags along.</summary>
public sealed class CoreReferencesTests
{
    [Test]
    public void Core_WithAllThatItNeeds_HasNoTorchNoParquetAndNoPlots()
    {
        var seen = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        Visit(typeof(ITextClassifier).Assembly);

        Assert.That(seen.Keys, Has.Member("Replication.Core").And.Member("Microsoft.ML.Tokenizers"));
        foreach (var heavy in (string[])["Torch", "Parquet", "Plot", "Skia", "Replication.Shared"])
            Assert.That(seen.Keys, Has.None.StartsWith(heavy));

        void Visit(Assembly assembly)
        {
            if (seen.TryAdd(assembly.GetName().Name!, assembly))
                foreach (var name in assembly.GetReferencedAssemblies()
                    .Where(n => !n.Name!.StartsWith("System.", StringComparison.Ordinal)))
                    Visit(Assembly.Load(name));
        }
    }
}
