using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Measurements;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>Parameters and operations of the sub-networks at BERT-base's geometry, and what the paper's figure says of them.</summary>
internal static class Sizes
{
    /// <summary>Name of the figure in the ledger.</summary>
    public const string Figure = "Figure \"comparison of #params/FLOPs/latency\" (digitised)";

    /// <summary>Metric of the parameters in the ledger.</summary>
    public const string Parameters = "#params";

    /// <summary>Metric of the operations in the ledger.</summary>
    public const string Flops = "FLOPs";

    /// <summary>Metric of the latency on a CPU in the ledger.</summary>
    public const string Latency = "Kirin 810 ARM CPU latency";

    private const int Length = 128;

    /// <summary>The twelve sub-networks, the largest first.</summary>
    public static IReadOnlyList<SubNetwork> All { get; } = SubNetwork.Grid(BertConfig.Base, ProfileSettings.PapersWidths, ProfileSettings.PapersDepths);

    /// <summary>Millions of parameters, embeddings and pooler included.</summary>
    public static double MillionParameters(SubNetwork part, BertConfig? full = null) => MillionParameters(part.Config(full ?? BertConfig.Base));

    /// <inheritdoc cref="MillionParameters(SubNetwork, BertConfig?)"/>
    public static double MillionParameters(BertConfig geometry) => ModelSize.Parameters(geometry) / 1e6;

    /// <summary>Billions of floating-point operations of the matrix products for 128 tokens.</summary>
    public static double BillionFlops(SubNetwork part, BertConfig? full = null) => BillionFlops(part.Config(full ?? BertConfig.Base));

    /// <inheritdoc cref="BillionFlops(SubNetwork, BertConfig?)"/>
    public static double BillionFlops(BertConfig geometry) => ModelSize.Flops(geometry, Length) / 1e9;

    /// <summary>Geometry of the network that was trained. A report needs no model at hand: of a teacher that is not, BERT-base's is taken.</summary>
    public static BertConfig Geometry(Results results) => results.Set.Settings.Teacher switch
    {
        "minilm-l6" => CalibrationMeasurement.Geometry,
        "bert-large-uncased" => BertConfig.Large,
        var folder when Directory.Exists(folder) => ModelFolder.ReadConfig(folder),
        _ => BertConfig.Base,
    };

    /// <summary>How the ledger names a sub-network.</summary>
    public static string ModelName(double width, double depth) => $"DynaBERT ({SubNetwork.NameOf(width, depth)})";

    /// <summary>The figure's cell; null where the figure has no such point.</summary>
    public static PublishedCell? Published(PublishedCells cells, SubNetwork part, string metric) =>
        cells.All.FirstOrDefault(c => c.Table == Figure && c.Model == ModelName(part.Width, part.Depth) && c.Metric == metric);
}
