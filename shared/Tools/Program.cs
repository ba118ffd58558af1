using System.CommandLine;
using Replication;
using Replication.Tools.Equality;
using Replication.Tools.Fuzzing;
using Replication.Tools.Killing;
using Replication.Tools.Load;
using Replication.Tools.Trust;

var root = new RootCommand(
    "Tries the suite hard: damaged files for every reader, kills at every moment, the same rows thousands of times, a service under load; "
    + "and tells what it found.")
{
    FuzzVerb.Create(), FuzzVerb.CreateWorker(), KillVerb.Create(), KillVerb.CreateChild(), EqualityVerb.Create(), LoadVerb.Create(),
    CompareVerb.Create(), TrustVerb.Create(), TrustVerb.CreateRecord(), DataDigests.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (ReplicationException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return e.ExitCode;
}
