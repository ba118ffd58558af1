namespace Replication.Bert.SubNetworks;

/// <summary>What becomes of the heads that an exported sub-network lacks.</summary>
public enum CutHeads
{
    /// <summary>
    /// They are gone, and config.json lists them under pruned_heads, as transformers up to version 4 writes and reads it.
    /// </summary>
    Removed,

    /// <summary>
    /// They stay as zeros, since transformers 5 prunes no heads and wants a hidden size of heads times head size. Outputs are the
    /// same; the attention matrices are as large, and as slow, as the full network's.
    /// </summary>
    Zero,
}
