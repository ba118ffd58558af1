using Replication.Claims;

namespace Replication.TinyBERT;

/// <summary>Numbers that others published, as they lie in the assembly.</summary>
public static class Ledger
{
    private const string Name = "published.csv";

    /// <summary>published.csv: the cells of the paper's tables.</summary>
    public static PublishedCells Cells()
    {
        using var stream = typeof(Ledger).Assembly.GetManifestResourceStream(Name) ?? throw new InvalidOperationException($"{Name} is not embedded.");
        return PublishedCells.Read(stream);
    }
}
