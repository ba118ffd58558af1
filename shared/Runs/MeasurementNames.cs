namespace Replication.Runs;

/// <summary>Names of measurements that manifests hold and reports look up.</summary>
public static class MeasurementNames
{
    /// <summary>Most memory that the process held up to the end of the run, in bytes.</summary>
    public const string PeakMemory = "peak memory bytes of the process";

    /// <summary>Training tokens a second, padding left out.</summary>
    public const string TokensPerSecond = "training tokens per second";

    /// <summary>Seconds of a training step.</summary>
    public const string SecondsPerStep = "seconds per training step";
}
