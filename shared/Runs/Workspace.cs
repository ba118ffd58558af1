using Replication.Glue;

namespace Replication.Runs;

/// <summary>What every run of one call shares: where things are and what they are computed on.</summary>
public sealed record Workspace
{
    /// <summary>The repository's root.</summary>
    public required string Root { get; init; }

    /// <summary>GLUE data.</summary>
    public required GlueSource Glue { get; init; }

    /// <summary>Pretrained models by name or path.</summary>
    public required ModelCatalog Models { get; init; }

    /// <summary>Device, threads, libtorch.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>The processor; its instruction sets are in the manifest, not in the key.</summary>
    public required Processor Processor { get; init; }

    /// <summary>For estimates: tasks and texts that are not here count with their published sizes. No run may see it.</summary>
    public bool AssumesPublishedSizes { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What several runs of one call read, kept in memory.</summary>
    public Cache Cache { get; } = new();

    /// <summary>Folders of runs, finished or not; where none is named, that of the root, which git ignores.</summary>
    public string RunsFolder { get => field ?? RunsUnder(Root); init; }

    /// <summary>
    /// Files that can be computed again, such as teacher outputs; where none is named, that of the root, which git ignores.
    /// </summary>
    public string CacheFolder { get => field ?? CacheUnder(Root); init; }

    /// <summary>Digests of files, each taken once a call.</summary>
    public FileDigests Digests { get; } = new();

    /// <summary>Digest of a large file of the user's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is said where it cannot be read, such as "Cannot read the corpus".</param>
    /// <exception cref="ReplicationException">It cannot be read.</exception>
    public string DigestOfFile(string path, string problem) => StorageFailure.Explain(problem, path, () => Digests.Of(path));

    /// <summary>The runs folder of a root.</summary>
    public static string RunsUnder(string root) => Path.Combine(root, "results", "runs");

    /// <summary>The cache folder of a root.</summary>
    public static string CacheUnder(string root) => Path.Combine(root, "results", "cache");

    /// <summary>The device to compute on.</summary>
    public TorchSharp.torch.Device Device => new(Environment.Device);
}
