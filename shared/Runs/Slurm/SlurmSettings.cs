using System.Globalization;
using System.Text.RegularExpressions;

namespace Replication.Runs.Slurm;

/// <summary>What a cluster wants to be told, from a small JSON file; what is left out is the cluster's own default.</summary>
public sealed partial record SlurmSettings
{
    /// <summary>The file's usual name, in the folder that the command is given in.</summary>
    public const string FileName = "slurm.json";

    /// <summary>Such as "gpu"; null for the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>Who pays; null for the user's default.</summary>
    public string? Account { get; init; }

    /// <summary>
    /// Time limit of a job, in one of Slurm's forms such as "08:00:00", more than <see cref="WarnSeconds"/>; a run that needs longer
    /// resumes in the next.
    /// </summary>
    public string? Time { get; init; }

    /// <summary>GPUs a job.</summary>
    public int Gpus { get; init; }

    /// <summary>CPU cores a job; also the threads of a run.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>Memory of a job, such as "32G"; null for the cluster's default.</summary>
    public string? Memory { get; init; }

    /// <summary>How many short runs that need the same runs share a job at the most, one after the other.</summary>
    public int RunsPerJob { get; init; } = 4;

    /// <summary>Seconds before the time limit at which a job is told to save and to resume in a new one.</summary>
    public int WarnSeconds { get; init; } = 180;

    /// <summary>Further options of sbatch, such as "--constraint=a100".</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Reads a file; the defaults where it is not there and nobody named it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNamed">Whether a person named it.</param>
    /// <exception cref="ReplicationException">It is named and not there, is not such a file, or a value is out of range.</exception>
    public static SlurmSettings Read(string path, bool isNamed = false) => File.Exists(path)
        ? Json.Read<SlurmSettings>(path).Validated(path)
        : isNamed ? throw new ReplicationException($"--cluster is {path}, and there is no such file.", ReplicationException.UsageError)
        : new SlurmSettings();

    // A value ends up on a line of its own in a script: a blank or a line end in it would be another option or command.
    private SlurmSettings Validated(string path)
    {
        Check(Gpus is >= 0 and <= 64, "gpus", Text(Gpus), "a number from 0 to 64");
        Check(Cpus is >= 1 and <= 1024, "cpus", Text(Cpus), "a number from 1 to 1024");
        Check(RunsPerJob is >= 1 and <= 1000, "runsPerJob", Text(RunsPerJob), "a number from 1 to 1000");
        Check(WarnSeconds is >= 10 and <= 3600, "warnSeconds", Text(WarnSeconds), "a number from 10 to 3600");
        Check(Time is null || TimeForm().IsMatch(Time), "time", Time, "a time limit such as 08:00:00 or 2-00:00:00");
        Check(Time is null || Seconds(Time) is 0 || Seconds(Time) > WarnSeconds, "time", Time,
            $"longer than warnSeconds ({Text(WarnSeconds)} s), the time that a job has for saving");
        foreach (var (name, word) in new[] { ("partition", Partition), ("account", Account), ("memory", Memory) })
            Check(word is null || Word().IsMatch(word), name, word, "one word of letters, digits and _ . , - :");
        foreach (var option in Options)
            Check(OptionForm().IsMatch(option), "options", option, "an option of sbatch in one word, such as --constraint=a100");
        return this;

        void Check(bool isGood, string key, string? value, string expected)
        {
            if (!isGood)
                throw new ReplicationException($"{path}: {key} is '{value}', which is not {expected}.", ReplicationException.UsageError);
        }
    }

    // minutes[:seconds], hours:minutes:seconds, or days-hours[:minutes[:seconds]]; Slurm takes 0 for no limit.
    private static double Seconds(string time)
    {
        var parts = time.Split('-', ':').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        double[] units = time.Contains('-') ? [86400, 3600, 60, 1] : parts.Length == 3 ? [3600, 60, 1] : [60, 1];
        return parts.Zip(units, (part, unit) => part * unit).Sum();
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(\d+-)?\d+(:\d{2}){0,2}\z")]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_.,:-]+\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A--[A-Za-z-]+(=[A-Za-z0-9_.,:@/&|+-]+)?\z")]
    private static partial Regex OptionForm();
}
