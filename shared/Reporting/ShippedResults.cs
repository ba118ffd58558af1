using Replication.Reporting.Overviews;

namespace Replication.Reporting;

/// <summary>What 'benchmark' and the tool 'load' left in results/deployment, for the pages that lead to it.</summary>
public static class ShippedResults
{
    /// <summary>Name of its folder under results/.</summary>
    public const string FolderName = "deployment";

    /// <summary>What it is called on pages.</summary>
    internal const string Heading = "Models that ship";

    private static readonly (string File, string What)[] AllPages =
    [
        ($"{FolderName}/report.md", "What models cost when they are shipped"),
        ($"{FolderName}/students/report.md", "The same of models that were trained here, with their dev scores"),
        ($"{FolderName}/sub-networks/report.md", "The same of DynaBERT's sub-networks"),
        ($"{FolderName}/equality.md", "Exported models are equal to their originals"),
        ($"{FolderName}/load.md", "The sample web service under load"),
    ];

    // Trained models are measured with the published geometries or by themselves.
    private static readonly (string File, string What)[] AllFigures =
    [
        .. from folder in (string[])[FolderName, $"{FolderName}/students"]
           from figure in new[]
           {
               (Name: "score-latency", What: "Score against latency, TorchSharp and ONNX in fp32 and int8"),
               (Name: "score-size", What: "Score against size on disk"),
           }
           select ($"{folder}/{figure.Name}.svg", figure.What),
    ];

    /// <summary>The pages that are there, with what they show.</summary>
    internal static IReadOnlyList<(string File, string What)> Pages(string resultsFolder) => Present(resultsFolder, AllPages);

    /// <summary>The figures that are there; none where no trained model was measured.</summary>
    internal static IReadOnlyList<(string File, string What)> Figures(string resultsFolder) => Present(resultsFolder, AllFigures);

    /// <summary>Links and figures as Markdown; empty where nothing was measured.</summary>
    /// <param name="resultsFolder">The folder.</param>
    /// <param name="way">From the page to it, such as "../".</param>
    internal static string Markdown(string resultsFolder, string way = "") => string.Concat(
        [.. Pages(resultsFolder).Select(page => $"- {page.What}: [{page.File}]({way}{page.File})\n"),
            .. Figures(resultsFolder).Select(figure => $"\n![{figure.What}]({way}{figure.File})\n")]);

    /// <summary>Makes the pages again that lead to a folder which was written, if it is one of these.</summary>
    /// <param name="resultsFolder">The folder.</param>
    /// <param name="written">What was written.</param>
    /// <exception cref="ReplicationException">A page cannot be written.</exception>
    public static void Refresh(string resultsFolder, string written)
    {
        if (!Path.GetFullPath(written).StartsWith(Path.Combine(Path.GetFullPath(resultsFolder), FolderName), StringComparison.Ordinal))
            return;
        ResultsIndex.Write(resultsFolder);
        Overview.Write(resultsFolder);
    }

    private static IReadOnlyList<(string File, string What)> Present(string resultsFolder, IEnumerable<(string File, string What)> all) =>
        [.. all.Where(one => File.Exists(Path.Combine(resultsFolder, one.File)))];
}
