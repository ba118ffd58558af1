using Replication.CommandLine;
using Replication.DistilBERT;

return await CommandLineApp.RunAsync(args, [new DistilBertPaper()]);
