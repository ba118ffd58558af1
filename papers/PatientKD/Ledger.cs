namespace Replication.PatientKD;

/// <summary>Numbers that others measured, as they lie in the assembly beside published.csv.</summary>
internal static class Ledger
{
    /// <summary>A file that is embedded under its own name.</summary>
    public static Stream Open(string name) =>
        typeof(Ledger).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
}
