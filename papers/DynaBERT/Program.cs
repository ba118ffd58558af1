using Replication.CommandLine;
using Replication.DynaBERT;

return await CommandLineApp.RunAsync(args, [new DynaBertPaper()]);
