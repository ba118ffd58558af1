using System.Diagnostics;

namespace Replication.Tools.Load;

/// <summary>The sample web service as a process.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;

    private ServiceProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Bytes of memory that it holds now.</summary>
    public long Held
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="ReplicationException">It was not built, or ended at once; the message has what it said.</exception>
    public static async Task<ServiceProcess> StartAsync(string root, string model, CancellationToken cancellation)
    {
        var library = Path.Combine(root, "shared", "Inference", "Samples", "Service", "bin", "Release", "net10.0", "classify-service.dll");
        if (!File.Exists(library))
            throw new ReplicationException($"There is no {library}; build shared/Inference/Samples/Service with -c Release first.");
        var info = new ProcessStartInfo(
            "dotnet", [library, "--model", Path.GetFullPath(model), "--urls", "http://127.0.0.1:0",
            "--Logging:LogLevel:Microsoft.AspNetCore", "Warning"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(library),
        };
        var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var place and >= 0)
            {
                // Its log is read to the end, so that it never waits for a reader.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new ServiceProcess(process, new Uri(line[(place + Listening.Length)..].Trim()));
            }
        }
        throw new ReplicationException($"The service ended before it listened: {(await error).Trim()}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
