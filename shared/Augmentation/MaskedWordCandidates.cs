using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Augmentation;

/// <summary>
/// The words that a masked language model finds most probable in the place of each word of a sentence: many places a pass, of like length.
/// </summary>
public sealed class MaskedWordCandidates : IDisposable
{
    // Enough to keep a CPU busy; larger passes leave more places unused.
    private const int TokensOnCpu = 1024, TokensOnGpu = 16384;

    // The garbage collector may run after so many.
    private const int PassesPerCore = 4;

    private readonly BertForMaskedLM _model;
    private readonly PlacePredictor? _predictor;
    private readonly TextTokenizer _pieces;
    private readonly AugmentationSettings _settings;
    private readonly Device _device;
    private readonly int _maxLength;
    private readonly int _tokensPerBatch;
    private readonly Tensor _excluded;
    private readonly bool[] _isWord;

    /// <summary>Creates candidates of a model, which is put in evaluation mode; not owned.</summary>
    /// <param name="model">The teacher's masked language model, on the device.</param>
    /// <param name="pieces">Its tokenizer.</param>
    /// <param name="settings">K, and whether the original sentence follows the masked one.</param>
    /// <param name="maxLength">Pieces of a sentence that are looked at; words beyond them get no candidates.</param>
    /// <param name="device">Where it computes.</param>
    public MaskedWordCandidates(BertForMaskedLM model, TextTokenizer pieces, AugmentationSettings settings, int maxLength, Device device)
        : this(
            model, pieces, settings, maxLength, device, device.type == TorchSharp.DeviceType.CPU ? TokensOnCpu : TokensOnGpu,
            new PlacePredictor(model, settings.Precision))
    {
    }

    /// <summary>The same in passes of another size, or by the model's ordinary pass where there is no predictor.</summary>
    internal MaskedWordCandidates(
        BertForMaskedLM model, TextTokenizer pieces, AugmentationSettings settings, int maxLength, Device device, int tokensPerBatch,
        PlacePredictor? predictor)
    {
        _predictor = predictor;
        (_model, _pieces, _settings, _device, _tokensPerBatch) = (model, pieces, settings.Validate(), device, tokensPerBatch);
        _maxLength = Math.Min(maxLength, model.Config.MaxPositionEmbeddings / (settings.OfficialCode ? 2 : 1));
        _isWord = [.. Enumerable.Range(0, model.Config.VocabSize).Select(id => id < pieces.VocabularySize && IsWord(pieces.Token(id)))];
        // Added to the logits; the authors' program takes pieces that are not words among the K and drops them afterwards.
        _excluded = tensor(
            Array.ConvertAll(_isWord, isWord => isWord || settings.OfficialCode ? 0f : float.NegativeInfinity), device: device)
            .DetachFromDisposeScope();
        model.eval();
    }

    /// <summary>
    /// The same candidates by the model's ordinary pass in fp32, as a first program would have it, to hold these against.
    /// </summary>
    /// <param name="oneWordAPass">As the authors' program has it; otherwise all words of a sentence.</param>
    internal MaskedWordCandidates Plain(bool oneWordAPass) =>
        new(_model, _pieces, _settings with { Precision = Precision.Fp32 }, _maxLength, _device, oneWordAPass ? 1 : int.MaxValue, null);

    /// <summary>
    /// For each sentence and each of its words the candidates, best first; none for a word of several pieces, one that stays or one that
    /// needs none.
    /// </summary>
    /// <param name="sentences">Sentences as words.</param>
    /// <param name="cancellation">Stops the work.</param>
    public IReadOnlyList<IReadOnlyList<string>[]> Of(IReadOnlyList<SentenceWords> sentences, CancellationToken cancellation = default)
    {
        var found = sentences.Select(sentence => Array.ConvertAll(sentence.Words, _ => (IReadOnlyList<string>)[])).ToArray();
        var passes = sentences.SelectMany(Places).GroupBy(place => place.Ids.Length)
            .SelectMany(alike => alike.Chunk(Math.Max(1, _tokensPerBatch / alike.Key)));
        // A pass on each core keeps them busier than all cores on one pass.
        var isParallel = _predictor is not null && _device.type == TorchSharp.DeviceType.CPU;
        using var pause = new CollectorPause();
        foreach (var wave in passes.Chunk(isParallel ? get_num_threads() * PassesPerCore : 1))
        {
            cancellation.ThrowIfCancellationRequested();
            pause.Renew();
            if (isParallel)
                CpuParallelism.ForEach(wave, Find);
            else
                Find(wave[0]);
        }
        return found;

        void Find(Place[] places)
        {
            foreach (var (place, words) in places.Zip(Predict(places)))
                found[place.Sentence][place.Word] = words;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _excluded.Dispose();
        _predictor?.Dispose();
    }

    private static bool IsWord(string token) =>
        !token.StartsWith("##", StringComparison.Ordinal) && !(token.StartsWith('[') && token.EndsWith(']') && token.Length > 1);

    // One place for each wanted word of a single piece, masked.
    private IEnumerable<Place> Places(SentenceWords sentence, int number)
    {
        var words = sentence.Words;
        var pieces = Array.ConvertAll(words, _pieces.Encode);
        var all = pieces.SelectMany(ids => ids).Take(_maxLength - 2).ToArray();
        var position = 0;
        for (var word = 0; word < words.Length && position < all.Length; position += pieces[word++].Length)
        {
            if (!sentence.Wanted[word] || pieces[word] is not [var id] || id == _pieces.Ids.Unknown
                || (_settings.OfficialCode && !Words.IsContent(words[word])))
                continue;
            var masked = (int[])all.Clone();
            masked[position] = _pieces.Ids.Mask;
            int[] first = [_pieces.Ids.Classification, .. masked, _pieces.Ids.Separator];
            yield return new Place(
                number, word, _settings.OfficialCode ? [.. first, .. all, _pieces.Ids.Separator] : first, first.Length, position + 1);
        }
    }

    private IEnumerable<IReadOnlyList<string>> Predict(Place[] places)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var width = places[0].Ids.Length;
        // In bfloat16 the sums of a product depend on its shape; with one shape for each length no word's candidates depend on others.
        var rows = _settings.Precision == Precision.Fp32
            ? places
            : [.. places, .. Enumerable.Repeat(places[0], Math.Max(1, _tokensPerBatch / width) - places.Length)];
        var tokens = Collate(rows);
        var positions = tensor(rows.Select((p, row) => ((long)row * width) + p.Position).ToArray(), device: _device);
        var logits = _predictor is null ? _model.call(tokens, positions, EncoderOutputs.None).Logits : _predictor.Logits(tokens, positions);
        var (_, best) = logits.add_(_excluded).topk(Math.Min(_settings.Candidates, (int)logits.shape[1]));
        var ids = best.cpu().data<long>().ToArray();
        return [.. ids.Chunk(ids.Length / rows.Length).Take(places.Length)
            .Select(row => (IReadOnlyList<string>)[.. row.Where(id => _isWord[id]).Select(id => _pieces.Token((int)id))])];
    }

    // All rows have one length, so that the original sentence begins at one place in all.
    private TokenBatch Collate(Place[] rows)
    {
        var tokens = Corpus.SequenceStream.Collate([.. rows.Select(p => p.Ids)], _pieces.Ids.Padding, _device);
        if (_settings.OfficialCode)
            tokens.TokenTypeIds.narrow(1, rows[0].Masked, rows[0].Ids.Length - rows[0].Masked).fill_(1);
        return tokens;
    }

    // Masked: the pieces of the masked sentence with [CLS] and [SEP]; the original one follows in the authors' form.
    private sealed record Place(int Sentence, int Word, int[] Ids, int Masked, int Position);
}
