// Labels texts over HTTP with an exported model: dotnet run -- --model FOLDER [--urls http://127.0.0.1:5000]
using Replication;
using Replication.Samples;

try
{
    await using var service = ClassifierService.Create(args);
    await service.RunAsync();
    return 0;
}
catch (ReplicationException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return e.ExitCode;
}
