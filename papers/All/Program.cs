using Replication.Bench;
using Replication.CommandLine;
using Replication.DistilBERT;
using Replication.DynaBERT;
using Replication.PatientKD;
using Replication.TinyBERT;

return await CommandLineApp.RunAsync(
    args, [new PatientKdPaper(), new DistilBertPaper(), new TinyBertPaper(), new DynaBertPaper()], [BenchVerb.Create]);
