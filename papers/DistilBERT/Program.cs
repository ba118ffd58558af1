using Replication.CommandLine;

return await CommandLineApp.RunAsync(args, []);
