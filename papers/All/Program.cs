using Replication.CommandLine;
using Replication.DistilBERT;
using Replication.PatientKD;

return await CommandLineApp.RunAsync(args, [new PatientKdPaper(), new DistilBertPaper()]);
