using Replication.CommandLine;
using Replication.PatientKD;

return await CommandLineApp.RunAsync(args, [new PatientKdPaper()]);
