using System.Text.Json.Serialization;
using Replication.Runs;

namespace Replication.Augmentation;

/// <summary>Word vectors of the user's, for words of several pieces; part of a run's spec.</summary>
public sealed record GloveSource
{
    /// <summary>Its name in keys; the digest of the file is among the run's inputs.</summary>
    public string Name { get; init; } = "user";

    /// <summary>Its path; not part of the key, since a moved file is the same.</summary>
    [JsonIgnore]
    public string? Path { get; init; }

    /// <summary>The file given with --glove.</summary>
    public static GloveSource OfUser(string path) => new() { Path = System.IO.Path.GetFullPath(path) };

    /// <summary>The file with its digest, as a run's input; it is read whole, so that a bad line is known before any training.</summary>
    /// <exception cref="ReplicationException">It is not there, or holds something else than word vectors.</exception>
    public RunInput Input(Workspace workspace)
    {
        Open(workspace);
        return new RunInput($"glove/{Name}", workspace.DigestOfFile(File(), "Cannot read the word vectors"));
    }

    /// <summary>The vectors, read once per workspace.</summary>
    /// <inheritdoc cref="Input" path="/exception"/>
    public GloveVectors Open(Workspace workspace)
    {
        var file = File();
        return workspace.Cache.GetOrMake($"word vectors {file}", () => GloveVectors.Read(file));
    }

    private string File() => Path is { } path && System.IO.File.Exists(path)
        ? path
        : throw new ReplicationException(
            $"There is no file of word vectors {Path}; name one with --glove.", ReplicationException.UsageError);
}
