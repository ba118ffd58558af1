using Replication.Claims;

namespace Replication.PatientKD;

/// <summary>Numbers that others published, as they lie in the assembly.</summary>
public static class Ledger
{
    /// <summary>published.csv: the cells of the paper's tables, digitised curves, and the authors' own dev runs.</summary>
    public static PublishedCells Cells()
    {
        using var stream = Open("published.csv");
        return PublishedCells.Read(stream);
    }

    /// <summary>A file that is embedded under its own name.</summary>
    internal static Stream Open(string name) =>
        typeof(Ledger).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
}
