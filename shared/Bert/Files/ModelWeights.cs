using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// The weights in a model folder under the names that Hugging Face gives BERT's today, whatever the file's age, container and kind of
/// encoder.
/// </summary>
internal sealed class ModelWeights : IDisposable
{
    /// <summary>What the names of an encoder's tensors begin with.</summary>
    public const string Prefix = "bert.";

    private const string Safetensors = "model.safetensors", Pickle = "pytorch_model.bin", IndexEnding = ".index.json";
    private const string WordEmbeddings = "embeddings.word_embeddings.weight", LayerPrefix = Prefix + "encoder.layer.";

    // BERT's, DistilBERT's and RoBERTa's.
    private static readonly string[] Decoders = ["cls.predictions.decoder.weight", "vocab_projector.weight", "lm_head.decoder.weight"];

    private static readonly string[] EncoderNames = ["distilbert.", "roberta.", Prefix];
    private static readonly string[] EncoderParts = ["embeddings.", "encoder.", "pooler."];

    // What training in parallel and compiling put before all names.
    private static readonly string[] Wrappers = ["module.", "_orig_mod."];

    // What the names of a model's tensors begin with today.
    private static readonly string[] Parts = [Prefix, "cls.", "pre_classifier.", "classifier.", BertForQuestionAnswering.HeadPrefix];

    private readonly ITensorFile _file;
    private readonly Dictionary<string, string> _storedNames = new(StringComparer.Ordinal);
    private readonly EncoderKind _kind;

    private ModelWeights(ITensorFile file, BertConfig? config)
    {
        (_file, _kind) = (file, config?.Kind ?? EncoderKind.Bert);
        var wrapper = Wrapper(file.Tensors.Keys);
        foreach (var stored in file.Tensors.Keys)
        {
            var name = TodaysName(stored.StartsWith(wrapper, StringComparison.Ordinal) ? stored[wrapper.Length..] : stored);
            if (!_storedNames.TryAdd(name, stored))
                throw new ReplicationException($"{file.Path} holds the tensor {name} twice, as {_storedNames[name]} and as {stored}.");
        }
        RefuseHalfWrapped();
        if (config is not null)
            RefuseMoreLayers(config.NumHiddenLayers);
    }

    /// <summary>The file that a folder's weights are read from, or the index of several; null where there is none.</summary>
    public static string? FileOf(string folder) =>
        new[] { Safetensors, Safetensors + IndexEnding, Pickle, Pickle + IndexEnding }
            .Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>That file and, where it is an index, those that it names.</summary>
    /// <exception cref="ReplicationException">The index is damaged.</exception>
    public static IReadOnlyList<string> FilesOf(string folder) =>
        FileOf(folder) is not { } file ? []
            : file.EndsWith(IndexEnding, StringComparison.Ordinal) ? [file, .. ShardedFile.Files(file)]
            : [file];

    /// <summary>Opens model.safetensors, else pytorch_model.bin, each whole or in parts.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="config">The geometry in its config.json, whose kind's names messages give to tensors; null where no more is asked than
    /// what the weights hold.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or holds more layers than the geometry.</exception>
    public static ModelWeights Open(string folder, BertConfig? config = null)
    {
        var file = OpenFile(folder);
        try
        {
            return new ModelWeights(file, config);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a tensor is there.</summary>
    public bool Contains(string name) => _storedNames.ContainsKey(name);

    /// <summary>The shape of a tensor, or null where there is none.</summary>
    public IReadOnlyList<long>? Shape(string name) => _storedNames.TryGetValue(name, out var stored) ? _file.Tensors[stored].Shape : null;

    /// <summary>Checks that each parameter has a tensor of its shape.</summary>
    /// <exception cref="ReplicationException">Tensors are missing or of another shape; the first is named.</exception>
    public void Check(IEnumerable<(string Name, Parameter Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var shape = Shape(name)
                ?? throw new ReplicationException(
                    $"{_file.Path} holds no tensor {TensorNames.InFile(_kind, name)}, which a model of the geometry in its config.json "
                    + $"has.");
            if (_file.Tensors[_storedNames[name]].Type is var type
                and not (ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
                throw new ReplicationException(
                    $"{_file.Path}: tensor {TensorNames.InFile(_kind, name)} is of {type}, where floating-point numbers were expected; "
                    + $"quantized weights are not read.");
            if (!shape.SequenceEqual(value.shape))
                throw new ReplicationException(
                    $"{_file.Path}: tensor {TensorNames.InFile(_kind, name)} has the shape [{string.Join(", ", shape)}] where "
                    + $"config.json asks for [{string.Join(", ", value.shape)}].");
        }
    }

    /// <summary>Refuses a decoder of its own, for a model whose config.json says that it does not share the word embeddings.</summary>
    /// <exception cref="ReplicationException">The decoder is missing or another than the word embeddings.</exception>
    public void CheckDecoderIsTied()
    {
        var decoder = Decoders.FirstOrDefault(Contains);
        using var scope = NewDisposeScope();
        if (decoder is not null && Shape(decoder)!.SequenceEqual(Shape(Prefix + WordEmbeddings) ?? [])
            && Read(decoder).eq(Read(Prefix + WordEmbeddings)).all().item<bool>())
            return;
        throw new ReplicationException(
            $"{_file.Path} {(decoder is null ? "holds no decoder" : $"has a decoder of its own ({_storedNames[decoder]})")} and "
                + $"config.json says tie_word_embeddings: false; only a decoder that is the table of word embeddings is supported.");

        Tensor Read(string name) => _file.Read(_storedNames[name]).to(ScalarType.Float32);
    }

    /// <summary>Copies each parameter's tensor into it, converted to its number format.</summary>
    public void Load(IEnumerable<(string Name, Parameter Value)> parameters)
    {
        using var noGradient = no_grad();
        foreach (var (name, value) in parameters)
        {
            using var stored = _file.Read(_storedNames[name]);
            value.copy_(stored);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ITensorFile OpenFile(string folder)
    {
        var path = FileOf(folder) ?? throw new ReplicationException(
            $"{folder} holds neither {Safetensors} nor {Pickle}, whole or in parts with an index; name the folder of a model.");
        return Path.GetFileName(path) switch
        {
            Safetensors => SafetensorsFile.Open(path),
            Safetensors + IndexEnding => ShardedFile.Open(path, SafetensorsFile.Open),
            Pickle => PickleFile.Open(path),
            _ => ShardedFile.Open(path, PickleFile.Open),
        };
    }

    // The encoder is read without a wrapper, so that a part of the model that has one would seem to be missing.
    private void RefuseHalfWrapped()
    {
        foreach (var wrapper in Wrappers)
        {
            var wrapped = _storedNames.Keys.Where(name => name.StartsWith(wrapper, StringComparison.Ordinal)).ToList();
            var lost = wrapped.Order(StringComparer.Ordinal).FirstOrDefault(name => IsLost(TodaysName(name[wrapper.Length..])));
            if (lost is not null && wrapped.Count < _storedNames.Count)
                throw new ReplicationException(
                    $"{_file.Path}: some of the tensors' names begin with {wrapper}, such as {_storedNames[lost]}, and others do not; "
                        + $"save the model again with the same beginning for all.");
        }

        bool IsLost(string name) =>
            !_storedNames.ContainsKey(name) && Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal));
    }

    // They would be left out without a word; other tensors than layers, such as another task's head, may be there.
    private void RefuseMoreLayers(int layers)
    {
        var first = _storedNames.Select(name => (Layer: LayerOf(name.Key), Stored: name.Value))
            .Where(tensor => tensor.Layer >= layers)
            .OrderBy(tensor => tensor.Layer).ThenBy(tensor => tensor.Stored, StringComparer.Ordinal)
            .Select(tensor => tensor.Stored).FirstOrDefault();
        if (first is not null)
            throw new ReplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_file.Path} holds the tensor {first}, but {GeometryKeys.Of(_kind).Layers} in its config.json is {layers}; take a "
                    + $"config.json that belongs to the weights."));
    }

    // Counted from 0; null for a tensor outside the layers.
    private static int? LayerOf(string name)
    {
        if (!name.StartsWith(LayerPrefix, StringComparison.Ordinal))
            return null;
        var rest = name[LayerPrefix.Length..];
        var end = rest.IndexOf('.', StringComparison.Ordinal);
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;
    }

    // Training in parallel, compiling or a larger model puts a name before all others, such as "module.".
    private static string Wrapper(IEnumerable<string> names)
    {
        if (names.Where(name => name.EndsWith(WordEmbeddings, StringComparison.Ordinal)).ToList() is not [var words])
            return "";
        var before = words[..^WordEmbeddings.Length];
        // The longer name first, since it ends as the shorter does.
        var encoder = EncoderNames.FirstOrDefault(name => before.EndsWith(name, StringComparison.Ordinal)) ?? "";
        return before[..^encoder.Length];
    }

    // TensorFlow's gamma and beta are LayerNorm's weight and bias; a bare encoder lacks the prefix.
    private static string TodaysName(string stored)
    {
        var name = TensorNames.Here(Replace(Replace(stored, ".gamma", ".weight"), ".beta", ".bias"));
        return EncoderParts.Any(part => name.StartsWith(part, StringComparison.Ordinal)) ? Prefix + name : name;

        static string Replace(string name, string old, string today) =>
            name.EndsWith(old, StringComparison.Ordinal) ? name[..^old.Length] + today : name;
    }
}
