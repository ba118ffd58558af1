namespace Replication.Glue;

/// <summary>What is known of a split.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Split">The split.</param>
/// <param name="Rows">The official number of rows.</param>
/// <param name="Sha256">Digest of the content, as <see cref="GlueDataset.Sha256"/>; null where it was never seen here.</param>
/// <param name="TsvSha256">Digest of the TSV file that it was read from.</param>
public sealed record GlueCatalogEntry(string Task, GlueSplit Split, int Rows, string? Sha256 = null, string? TsvSha256 = null)
{
    /// <summary>How a split that was read differs from this one, as the end of a sentence; null where it does not.</summary>
    internal string? Difference(int rows, string sha256, bool isParquet)
    {
        if (rows != Rows)
            return $"holds {rows} rows where {Task}'s {GlueCatalog.Describe(Split)} has {Rows}";
        // The hub's copy of MRPC is tokenised, the distributed one is not; only the second is known.
        if (Sha256 is null || Sha256 == sha256 || (isParquet && Task == GlueTasks.Mrpc.Name))
            return null;
        return $"differs from {Task}'s {GlueCatalog.Describe(Split)}: its content has the digest {sha256[..12]} where {Sha256[..12]} "
            + $"is pinned";
    }
}

/// <summary>GLUE's splits with their official sizes and the digests of what this project was built on.</summary>
public static class GlueCatalog
{
    /// <summary>All splits of all tasks.</summary>
    public static IReadOnlyList<GlueCatalogEntry> Entries { get; } =
    [
        new("CoLA", GlueSplit.Train, 8551,
            "2b5393e84fffd6020f443648a8645c392fbf03a451d30e8e7f887ca64d9c7e17",
            "cb368ebeb9f27d7ad03720d27ddc95687a311bdb100781a2fe59a5f5b1bc0624"),
        new("CoLA", GlueSplit.Dev, 1043,
            "8d09870813803bbd556e8f3d1e55b02e3a579af93dd49f8e662b83343d92732e",
            "8c013e21dc39957cac37378d87bebe225b694a0d5fe13eded66c2856628833fd"),
        new("CoLA", GlueSplit.Test, 1063,
            "2bae1e855e0684817a8a4cbf02980f1fb8738d217c5493b35cf468144e4141d6",
            "3b4df85f7a9a0633574b38d181e18090ac961a24b18fb6bcd74999ddea8ad0b8"),
        new("SST-2", GlueSplit.Train, 67349,
            "acb8054f8e31f898afc351d5363241e803bf3abbfad0596c7ec45c85b1369c56",
            "48eac26399f8456935f81dd9e3a745c1430adb6c62e233ccfe22db4a0d15d1d1"),
        new("SST-2", GlueSplit.Dev, 872,
            "b6f581a2380b0e7813868d45f2c4a1a52577eb1ca0753a6bf6b76ffdf65d4f35",
            "54a9c12c77e402fc14d6a66a506f24d999f596b0176eb777c972cccc2f9cc4b0"),
        new("SST-2", GlueSplit.Test, 1821,
            "746e54f9430fb4aadb8432b992b9e4826a0fc1b6135fdc866ba51f0181d67387",
            "69a938605609b3e6663b4487918fe1565eb293734e6e520d0366d1d412fd2a13"),
        new("MRPC", GlueSplit.Train, 3668,
            "5e73b47b0569f62cf4c0bb4f15a0bc2c81ccc16462a585fb3402e6964411e9f4",
            "122becc469405bc16f9defcb8715d2a4b7ce600e9d9381e6dc42bfdd1494c51d"),
        new("MRPC", GlueSplit.Dev, 408,
            "26a0b8005276d445281c804b970fa61106734b79a850190062d7cb0ba9d08748",
            "81c8a1a9e1dfe461dd2c1a4f98f43fe18bece44d2bf9e3d0b245b88e5aa5eaf7"),
        new("MRPC", GlueSplit.Test, 1725,
            "5cf4445e54bf7cb3a4a0103352b14cb36d56c05f6c55dfdc363a35f36b591aca",
            "4ee428d354c01fa35c2f0f6ab835398abb0bec01f17ed68fbcb6c04265505b0a"),
        new("STS-B", GlueSplit.Train, 5749,
            "8fc9ddec8449a049abb508139a6fae36c83ed237be2095c01b769c3be72afa3e",
            "41c4d978b6162abdcada7e49a982211954cca5459c228db478af333124b257a2"),
        new("STS-B", GlueSplit.Dev, 1500,
            "aa63c856fd7e577a0acee84d89f1166eebcbeb0bb0e6f0eec90a9446c73c40ba",
            "fe7dc0632a5033562f3cadff991f6e8d9b9b6311861660e78c3c82eb7db67f59"),
        new("STS-B", GlueSplit.Test, 1379,
            "b660449c2ccf0e318fbac5b95bc6f8e05e7ce8c31bbf68b48bd8fb8e4cfe8a1d",
            "16b4223d7d44a644fbc10f1b449472cfe81e1715fb07cf44023b0aa88ce856eb"),
        new("QQP", GlueSplit.Train, 363846),
        new("QQP", GlueSplit.Dev, 40430),
        new("QQP", GlueSplit.Test, 390965),
        new("MNLI", GlueSplit.Train, 392702),
        new("MNLI", GlueSplit.Dev, 9815,
            "900d975748e57c1da5ced5e7d952eca91fb9699e5a83b49a2a6d53cd6f9c604f",
            "aa94da570c8cdd5560aabf3583ffea130c160f79337b9219aac4ab261581684b"),
        new("MNLI", GlueSplit.DevMismatched, 9832),
        new("MNLI", GlueSplit.Test, 9796),
        new("MNLI", GlueSplit.TestMismatched, 9847),
        new("QNLI", GlueSplit.Train, 104743),
        new("QNLI", GlueSplit.Dev, 5463,
            "0c041568a6f94fe3e649d74c70725369e54a35a8945dab9268d85bb3f642c31e",
            "ac19409dcb04631eaaa094bdebdcf621086bc352503dfb6a1a648b614986f4fd"),
        new("QNLI", GlueSplit.Test, 5463,
            "4a65a9d644546ee4fc99b7ef81867fd5d8ca5c457da7a97893fb5330d324c5e2",
            "6d856264e292fa7a7bc7b8e182efa1454ffd9532733c12ad813017dd5b377a5a"),
        new("RTE", GlueSplit.Train, 2490,
            "8e0252ddfe4f046dd5f3ab33499cb9e1d9d2331a13d24f4af837d297fb5e89ee",
            "41e3a9b063433392343fad9e962cf2f58b681c78d8f71592f4186f0837246c5c"),
        new("RTE", GlueSplit.Dev, 277,
            "23de13db208a8c26afd006d394abdc85d36388d6234dbda4572beead245ee415",
            "80230dfa1347282e7b532b06a1004a76a710087541189bf874223ddf0e3819fb"),
        new("RTE", GlueSplit.Test, 3000,
            "64c7dc1ea0ea12168efabfaba5b972d86da4258e5a263c9b85a761e1b7c4270a",
            "6e33f09b5c2bfd5fd5fde217070f3dd49e484e33b9752b5864cf36fc421a213f"),
        new("WNLI", GlueSplit.Train, 635,
            "0983f0219a9936741a5ce5ca2dd860030168782e0e09fce899df2e59601f7c1a",
            "9a88e9d54b6861cc796a088e9acf4f5f65064a9ef65ae6fa7a688b28391e5c9a"),
        new("WNLI", GlueSplit.Dev, 71,
            "2aa9f936554d10dbacc75d4b7044bdc52a9ec6c5536694bae21d92ec8020a8bd",
            "cba00490596dd14be8cf53b4f53bb744abe3a7b89f81ab210528d80225338ed5"),
        new("WNLI", GlueSplit.Test, 146,
            "1496442fff5f4132e74545d5d4df9f83d78dd944a896803b09f27219c9b86ca9",
            "ff0296817e235bf6f7a230c5f6781bd6ee228a45445f6510831fdef6f2a04766"),
        new("IMDb", GlueSplit.Train, 25000),
        new("IMDb", GlueSplit.Dev, 25000),
        new("AX", GlueSplit.Test, 1104),
    ];

    /// <summary>What is known of a split.</summary>
    public static GlueCatalogEntry Entry(GlueTask task, GlueSplit split) =>
        Entries.FirstOrDefault(entry => entry.Task == task.Name && entry.Split == split)
        ?? throw new ReplicationException($"{task} has no {Describe(split)}; only {GlueTasks.Mnli} has mismatched sets.");

    /// <summary>A split's name in a sentence.</summary>
    internal static string Describe(GlueSplit split) => split switch
    {
        GlueSplit.Train => "training set",
        GlueSplit.Dev => "dev set",
        GlueSplit.DevMismatched => "mismatched dev set",
        GlueSplit.Test => "test set",
        _ => "mismatched test set",
    };
}
