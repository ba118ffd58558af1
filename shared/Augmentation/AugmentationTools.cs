using System.Collections.Concurrent;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;
using TorchSharp;

namespace Replication.Augmentation;

/// <summary>A model opened for the augmentation that a spec describes.</summary>
public sealed class AugmentationTools : IDisposable
{
    private const int RowsTimed = 48;

    private readonly BertForMaskedLM _model;
    private readonly MaskedWordCandidates _masked;
    private readonly Augmenter _augmenter;
    private readonly AugmentationSpec _spec;
    private readonly Workspace _workspace;

    /// <summary>Opens the model, and the word vectors if there are any.</summary>
    /// <param name="workspace">Data folders and the device.</param>
    /// <param name="spec">What is asked for.</param>
    /// <param name="cancellation">Stops later work.</param>
    /// <exception cref="ReplicationException">A file is missing or cannot be used.</exception>
    public AugmentationTools(Workspace workspace, AugmentationSpec spec, CancellationToken cancellation)
    {
        (_workspace, _spec) = (workspace, spec);
        var folder = workspace.Models.Folder(spec.Model);
        TokenizerFolder.RequireUncased(folder, "Augmentation");
        var pieces = ModelFolder.OpenTokenizer(folder);
        _model = ModelFolder.OpenMaskedLM(folder);
        _model.to(workspace.Device);
        _masked = new MaskedWordCandidates(_model, pieces, spec.Settings, spec.MaxLength, workspace.Device);
        _augmenter = new Augmenter(
            spec.Settings, sentences => _masked.Of(sentences, cancellation), Neighbours(spec.Glove?.Open(workspace)), spec.Seed);
    }

    /// <summary>The new rows of each row.</summary>
    public IReadOnlyList<IReadOnlyList<GlueExample>> Augment(IReadOnlyList<GlueExample> rows) => _augmenter.Augment(rows);

    /// <summary>How fast the simple ways are, from 48 of some rows, evenly spaced; of pairs the first sentences.</summary>
    public AugmentationSpeed Measure(IReadOnlyList<GlueExample> rows, CancellationToken cancellation) => AugmentationSpeed.Measure(
        _masked, [.. rows.Where((_, i) => i % Math.Max(1, rows.Count / RowsTimed) == 0).Take(RowsTimed).Select(row => row.Sentence1)],
        _workspace.Clock, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _masked.Dispose();
        _model.Dispose();
    }

    // All vectors are looked at for a word, so a word's neighbours are kept.
    private Func<string, IReadOnlyList<string>>? Neighbours(GloveVectors? vectors)
    {
        if (vectors is null)
            return null;
        var known = new ConcurrentDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        return word => known.GetOrAdd(word, _ => vectors.Nearest(word, _spec.Settings.Candidates));
    }
}
