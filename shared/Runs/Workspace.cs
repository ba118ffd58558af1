using Replication.Glue;

namespace Replication.Runs;

/// <summary>What every run of one call shares: where things lie and what they are computed on.</summary>
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

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What several runs of one call read, kept in memory.</summary>
    public Memo Memo { get; } = new();

    /// <summary>Folders of runs, finished or not; ignored by git.</summary>
    public string RunsFolder => Path.Combine(Root, "results", "runs");

    /// <summary>Files that can be computed again, such as teacher outputs; ignored by git.</summary>
    public string CacheFolder => Path.Combine(Root, "results", "cache");

    /// <summary>Digests of files, each taken once a call.</summary>
    public FileDigests Digests { get; } = new();

    /// <summary>Digest of a large file of the user's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is said where it cannot be read, such as "Cannot read the corpus".</param>
    /// <exception cref="ReplicationException">It cannot be read.</exception>
    public string DigestOfFile(string path, string problem) => StorageFailure.Explain(problem, path, () => Digests.Of(path));

    /// <summary>The device to compute on.</summary>
    public TorchSharp.torch.Device Device => new(Environment.Device);
}
