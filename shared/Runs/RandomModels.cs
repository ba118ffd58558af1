using Replication.Bert;
using Replication.Glue;

namespace Replication.Runs;

/// <summary>Models of random weights at a published geometry: of no use for scores, but as large and as slow as the real ones.</summary>
public static class RandomModels
{
    /// <summary>Makes a model of <see cref="ModelCatalog.Known"/> that has a geometry, unless it is there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folders">It goes among the downloads.</param>
    /// <param name="vocabularyFolder">A model folder whose vocabulary it takes.</param>
    /// <returns>Whether it had to be made.</returns>
    /// <exception cref="ReplicationException">There is no such model.</exception>
    public static bool Ensure(string name, DataFolders folders, string vocabularyFolder)
    {
        var known = ModelCatalog.Known.Where(k => k.Geometry is not null).ToArray();
        var model = known.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ReplicationException(
                $"'{name}' is not a model of random weights; there are "
                    + $"{string.Join(" and ", known.Select(k => k.Name))}.{Suggestion.For(name, known.Select(k => k.Name))}",
                ReplicationException.UsageError);
        if (ModelCatalog.FolderOf(model, folders) is not null)
            return false;
        using var weights = new BertForMaskedLM(model.Geometry!, seed: 1);
        ModelFolder.Save(weights, Path.Combine(folders.Downloads, "models", model.Name), vocabularyFolder);
        return true;
    }
}
