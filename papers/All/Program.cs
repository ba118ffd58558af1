using Replication.Bench;
using Replication.CommandLine;
using Replication.DistilBERT;
using Replication.DynaBERT;
using Replication.PatientKD;
using Replication.Studies;
using Replication.TinyBERT;

return await CommandLineApp.RunAsync(args, Papers, [BenchVerb.Create]);

/// <summary>What reproduce.ps1 starts.</summary>
public partial class Program
{
    /// <summary>The papers, in the order in which they are shown.</summary>
    public static IReadOnlyList<IPaper> Papers { get; } =
        [new PatientKdPaper(), new DistilBertPaper(), new TinyBertPaper(), new DynaBertPaper()];
}
