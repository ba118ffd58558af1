using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>
/// How much memory the loss over the vocabulary adds for one batch of pretraining, with BERT's vocabulary and in main memory:
/// the prediction heads of both models with their gradients, the encoders left out. Weights do not matter to memory.
/// </summary>
public sealed record VocabularyMemorySpec : RunSpec
{
    /// <summary>Fact of the result: bytes.</summary>
    public const string AddedBytes = "added peak memory bytes";

    // As many as masking hides on average.
    private const double HiddenShare = 0.15;

    /// <inheritdoc/>
    public override string Kind => "distilbert-vocabulary-memory";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Sequences of the batch.</summary>
    public int Sequences { get; init; } = 32;

    /// <summary>Tokens of each.</summary>
    public int Length { get; init; } = 128;

    /// <summary>Units of a hidden state.</summary>
    public int Width { get; init; } = BertConfig.Base.HiddenSize;

    /// <summary>Tokens whose logits are in memory at a time.</summary>
    public int ChunkTokens { get; init; } = VocabularyLoss.DefaultChunkTokens;

    /// <summary>Bytes of the whole batch's logits of one model, a single copy of them.</summary>
    public long LogitBytes() => (long)Sequences * Length * BertConfig.Base.VocabSize * sizeof(float);

    // The layers have no part in it.
    private BertConfig Geometry => BertConfig.Base with { NumHiddenLayers = 2, HiddenSize = Width };

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"memory of the loss over {BertConfig.Base.VocabSize} words, batch {Sequences} x {Length}, width {Width}", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var head = 2.0 * Geometry.HiddenSize * (Geometry.VocabSize + Geometry.HiddenSize) * Sequences * Length;
        return RunWork.Training(Precision.Fp32, 3 * head) + RunWork.Inference(Precision.Fp32, head);
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var teacher = new BertForMaskedLM(Geometry, seed: 1);
        using var student = new BertForMaskedLM(Geometry.ToDistil(1), seed: 2);
        var tokens = Sequences * Length;
        var (states, targets) = (ones(tokens, Geometry.HiddenSize).requires_grad_(true), ones(tokens, Geometry.HiddenSize));
        var words = arange((long)(HiddenShare * tokens));
        var loss = new VocabularyLoss(TripleLoss.OfficialCode, ChunkTokens);
        context.Progress.Begin(context.Label, tokens, 0, "tokens");
        var added = AddedMemory.During(() => loss.Backward(student, states, teacher, targets, words));
        context.Progress.End();
        return new RunResult { Facts = new SortedDictionary<string, double>(StringComparer.Ordinal) { [AddedBytes] = added, ["logit bytes"] = LogitBytes() } };
    }
}
