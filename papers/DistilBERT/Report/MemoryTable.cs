using Replication.Claims;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>The memory of the loss over the vocabulary, which decides how large a batch fits.</summary>
internal static class MemoryTable
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results)
    {
        var spec = results.Set.Memory;
        var measured = results.Find(spec) is { } run
            ? new Cell(NumberText.Of(Math.Round(run.Result.Fact(VocabularyMemorySpec.AddedBytes) / Mebibyte)), SignatureParts.Join(spec.Describe(), "cpu fp32", run.Manifest.Machine, SignatureParts.Runs([run])), CellKind.Measured)
            : new Cell("not run", "This run is not finished.", CellKind.Missing);
        return new ReportTable(
            "memory",
            "Memory of the loss over the vocabulary",
            FormattableString.Invariant($"What L_ce and L_mlm add to the peak memory of the process for a batch of {spec.Sequences} x {spec.Length} tokens at BERT-base's width, gradients included and encoders left out. ")
                + "Softmax and gradients need several copies of the logits of both models, unless they are computed in parts.",
            ["Loss over 30,522 words", "Added here (MiB)"],
            [
                [new Cell("logits of the whole batch, one model, one copy"), new Cell(NumberText.Of(Math.Round((double)spec.LogitBytes() / Mebibyte)), "counted", CellKind.Measured)],
                [new Cell(FormattableString.Invariant($"the loss, {spec.ChunkTokens} tokens at a time")), measured],
            ]);
    }
}
