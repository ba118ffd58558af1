using Replication.Claims;

namespace Replication.DynaBERT;

/// <summary>The paper's published cells, as they lie in the assembly.</summary>
public static class Ledger
{
    /// <summary>published.csv.</summary>
    public static PublishedCells Cells()
    {
        using var stream = typeof(Ledger).Assembly.GetManifestResourceStream("published.csv") ?? throw new InvalidOperationException("published.csv is not embedded.");
        return PublishedCells.Read(stream);
    }
}
