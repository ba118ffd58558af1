using System.Diagnostics;

namespace Replication.Tools.Killing;

/// <summary>A process of this program's, with what it says.</summary>
internal sealed class StartedProcess
{
    private readonly Process _process;
    private readonly Task<string> _output, _error;

    // Read at once: a full pipe would stop the process.
    private StartedProcess(Process process) =>
        (_process, _output, _error) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts this program again.</summary>
    /// <param name="words">What it is told.</param>
    /// <param name="variable">An environment variable; null for none.</param>
    public static StartedProcess Of(string[] words, (string Name, string Value)? variable)
    {
        var isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        var start = new ProcessStartInfo(Environment.ProcessPath!, isHost ? [Environment.GetCommandLineArgs()[0], .. words] : words)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (variable is var (name, value))
            start.Environment[name] = value;
        return new StartedProcess(Process.Start(start)!);
    }

    /// <summary>Waits for so long, or until it has ended.</summary>
    public void Wait(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Lets it end.</summary>
    public (int Exit, string Output, string Error) End()
    {
        _process.WaitForExit();
        var exit = _process.ExitCode;
        _process.Dispose();
        return (exit, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }
}
