using Replication.Claims;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>Table 3, RACE: declared with what it needs.</summary>
internal static class RaceTable
{
    /// <summary>What a measurement would take.</summary>
    public const string Needs =
        "Needs RACE, which its authors hand out on request, a multiple-choice head, BERT-base, and a GPU: 88,000 questions with four answers of up to 512 tokens, four epochs a grid point.";

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(PublishedCells cells) => new(
        "table-3",
        "Table 3. RACE",
        "Accuracy in %. Most published cells are known from memory only and are shown, never compared with.",
        ["Model", "RACE published", "RACE-M published", "RACE-H published", "Here"],
        [.. ((string[])["BERT12 (Leaderboard)", "BERT12 (Teacher)", "BERT6-FT", "BERT6-KD", "BERT6-PKD-Skip"]).Select(model => Row(cells, model))]);

    private static IReadOnlyList<Cell> Row(PublishedCells cells, string model) =>
    [
        new Cell(model),
        .. ((string[])["RACE", "RACE-M", "RACE-H"]).Select(task => cells.Find("Table 3", model, task, "acc"))
            .Select(cell => new Cell(cell.Text, cell.Confidence == Confidence.Memory ? "From memory, no source at hand." : cell.Source, CellKind.Published)),
        new Cell("not run", Needs, CellKind.Missing),
    ];
}
