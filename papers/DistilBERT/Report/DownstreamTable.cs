using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>Table 2: IMDb and SQuAD, declared with what they need; the second distillation ("D") on a GLUE task in their place.</summary>
internal static class DownstreamTable
{
    /// <summary>What IMDb would take.</summary>
    public const string NeedsImdb = "Needs IMDb's 50,000 reviews, BERT-base, a pretraining of the student on Wikipedia and books, and a GPU.";

    /// <summary>What SQuAD would take.</summary>
    public const string NeedsSquad = "Needs SQuAD 1.1, a question-answering head, BERT-base, a pretraining of the student on Wikipedia and books, and a GPU.";

    private const string NeedsDistillation = "Needs the second distillation, which the small profile has on SST-2: ./reproduce.ps1 distilbert --profile small.";

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells)
    {
        var isDistilled = results.Settings.DistilledTask is { } distilled && results.Settings.Tasks.Contains(distilled);
        var task = isDistilled ? results.Settings.DistilledTask! : results.Settings.Tasks[0];
        Cell Here(IReadOnlyList<RunSpec> runs, string who) => results.Median(runs, task, who) is { } score
            ? new Cell(NumberText.Of(score.Value, score.Spread), score.Signature, CellKind.Measured)
            : new Cell("not run", runs.Count == 0 ? NeedsDistillation : "These runs are not finished.", CellKind.Missing);
        var student = Signatures.Student(results, Variant.Triple);
        return new ReportTable(
            "table-2",
            "Table 2. Downstream tasks",
            "In %. IMDb and SQuAD are declared with what they need, and not run. " + (isDistilled
                ? $"The paper's second distillation, (D), is run on {task} instead: half of the loss from the fine-tuned teacher at T = 2."
                : $"Here: teacher and student on {task}, without the paper's second distillation, (D)."),
            ["Model", "IMDb acc published", "IMDb here", "SQuAD EM published", "SQuAD F1 published", "SQuAD here", $"{task} here"],
            [
                Row(cells, "BERT-base", Here(results.Set.Teachers(task), Signatures.Teacher(results))),
                Row(cells, "DistilBERT", Here(results.Set.Students(Variant.Triple, task), student)),
                Row(cells, "DistilBERT (D)", Here(results.Set.TaskDistilled(task), $"{student} | second distillation from the fine-tuned teacher, seed 1")),
            ]);
    }

    private static IReadOnlyList<Cell> Row(PublishedCells cells, string model, Cell here)
    {
        Cell Published(string task, string metric)
        {
            var cell = cells.Find("Table 2", model, task, metric);
            return new Cell(cell.Text, cell.Source, CellKind.Published);
        }
        var hasImdb = model != "DistilBERT (D)";
        return
        [
            new Cell(model),
            hasImdb ? Published("IMDb", "acc") : new Cell(""),
            hasImdb ? new Cell("not run", NeedsImdb, CellKind.Missing) : new Cell(""),
            Published("SQuAD 1.1", "EM"),
            Published("SQuAD 1.1", "F1"),
            new Cell("not run", NeedsSquad, CellKind.Missing),
            here,
        ];
    }
}
