using Replication.CommandLine;
using Replication.TinyBERT;

return await CommandLineApp.RunAsync(args, [new TinyBertPaper()]);
