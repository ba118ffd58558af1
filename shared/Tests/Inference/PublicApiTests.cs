using PublicApiGenerator;
using Replication.CommandLine;
using Replication.Inference;

namespace Replication.Tests.Inference;

/// <summary>What the packages promise: a change of it shows in a file that is read before it is accepted.</summary>
public sealed class PublicApiTests
{
    [TestCase("Core")]
    [TestCase("Inference")]
    public void PublicApi_IsTheApprovedOne(string room)
    {
        var approved = Path.Combine(RepositoryRoot.Find(), "shared", room, "PublicApi.txt");
        var assembly = room == "Core" ? typeof(ITextClassifier).Assembly : typeof(BertClassifier).Assembly;
        // What the compiler notes for itself changes with it.
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            ExcludeAttributes =
            [
                "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute",
                "System.Runtime.CompilerServices.EnumeratorCancellationAttribute",
                "System.Runtime.CompilerServices.TupleElementNamesAttribute",
            ],
        };

        var api = assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

        if (Environment.GetEnvironmentVariable("REPLICATION_APPROVE") == "1")
            File.WriteAllText(approved, api);
        Assert.That(api, Is.EqualTo(File.ReadAllText(approved).ReplaceLineEndings("\n")),
            "If the change is meant, run this test with REPLICATION_APPROVE=1 and commit the file.");
    }
}
