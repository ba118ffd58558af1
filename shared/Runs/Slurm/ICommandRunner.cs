using System.ComponentModel;
using System.Diagnostics;

namespace Replication.Runs.Slurm;

/// <summary>What a program printed.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs programs; tests hand in their own.</summary>
public interface ICommandRunner
{
    /// <summary>Runs a program to its end; null where there is no such program.</summary>
    CommandResult? Run(string program, params IReadOnlyList<string> arguments);
}

/// <summary>Runs programs of this machine.</summary>
public sealed class ProcessRunner : ICommandRunner
{
    /// <inheritdoc/>
    public CommandResult? Run(string program, params IReadOnlyList<string> arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new CommandResult(process.ExitCode, output, error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
