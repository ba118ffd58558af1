using Replication.Claims;

namespace Replication.DistilBERT;

/// <summary>Numbers that the authors published, as they lie in the assembly.</summary>
public static class Ledger
{
    /// <summary>published.csv: the cells of the paper's tables and of the authors' README.</summary>
    public static PublishedCells Cells()
    {
        using var stream = typeof(Ledger).Assembly.GetManifestResourceStream("published.csv") ?? throw new InvalidOperationException("published.csv is not embedded.");
        return PublishedCells.Read(stream);
    }
}
