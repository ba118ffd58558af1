using System.CommandLine;
using Replication;
using Replication.Tools.Equality;
using Replication.Tools.Fuzzing;
using Replication.Tools.Killing;
using Replication.Tools.Load;

var root = new RootCommand(
    "Tries the suite hard: damaged files for every reader, kills at every moment, the same rows thousands of times, a service under load.")
{
    FuzzVerb.Create(), FuzzVerb.CreateWorker(), KillVerb.Create(), KillVerb.CreateChild(), EqualityVerb.Create(), LoadVerb.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (ReplicationException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return e.ExitCode;
}
