using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Keeps the gradient of the word vectors to the rows that a batch looks up. libtorch's own is as large as the table, of which a
/// batch reads one row in a hundred: filling it with zeros, clipping it and updating by it take longer than the rest of a step's update.
/// Each row's gradient has the bits of libtorch's.
/// </summary>
public sealed class WordRows : IDisposable
{
    private readonly BertModel _encoder;
    private readonly int[] _places;
    private Tensor? _index, _leaf, _whole;
    private int _padding = -1;

    /// <summary>Begins to do so for an encoder in main memory, until this is disposed of.</summary>
    /// <param name="encoder">The encoder, which looks up once a step at most while gradients are computed.</param>
    public WordRows(BertModel encoder)
    {
        _encoder = encoder;
        _places = new int[encoder.Config.VocabSize];
        encoder.WordRows = this;
    }

    /// <summary>The word vectors, [vocabulary, hidden].</summary>
    public Parameter Table => _encoder.WordWeights;

    /// <summary>Hears which rows are about to be read, in ascending order.</summary>
    public Action<long[]> Reading { get; set; } = _ => { };

    /// <summary>The rows of the step's gradient, int64 [rows], in ascending order; null where there is none.</summary>
    public Tensor? Index => Gradient is null ? null : _index;

    /// <summary>Their gradient, [rows, hidden]; null where there is none. That of padding is 0.</summary>
    public Tensor? Gradient
    {
        get
        {
            if (_leaf?.grad is not { } gradient)
                return null;
            if (_padding >= 0)
            {
                using var noGradients = no_grad();
                using var row = gradient[_padding];
                row.zero_();
                _padding = -1;
            }
            return gradient;
        }
    }

    /// <summary>Whether a recipe and a device can do with rows: the fused kernel works on whole vectors of the processor.</summary>
    /// <param name="config">The geometry.</param>
    /// <param name="device">Where it computes.</param>
    public static bool IsPossible(BertConfig config, Device device) => device.type == DeviceType.CPU && config.HiddenSize % 16 == 0;

    /// <summary>
    /// The gradient as large as the table, in memory that stays: a norm depends in its last bits on the order in which squares are added
    /// up, zeros among them. Null where there is none.
    /// </summary>
    public Tensor? Whole()
    {
        if (Gradient is not { } gradient)
            return null;
        _whole ??= zeros(Table.shape).DetachFromDisposeScope();
        return _whole.index_copy_(0, _index!, gradient);
    }

    /// <summary>Makes all of it 0 again.</summary>
    public void ClearWhole()
    {
        if (_whole is not null && Index is { } index)
            _whole.index_fill_(0, index, 0);
    }

    /// <summary>Forgets the gradient.</summary>
    public void Forget()
    {
        _index?.Dispose();
        _leaf?.Dispose();
        (_index, _leaf) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _whole?.Dispose();
        _encoder.WordRows = null;
    }

    /// <summary>The vectors of some ids, [..., hidden].</summary>
    /// <param name="ids">int64 [...].</param>
    /// <param name="padding">The id whose row gets no gradient.</param>
    internal Tensor Look(Tensor ids, int padding)
    {
        using var scope = NewDisposeScope();
        var read = ids.data<long>().ToArray();
        long[] rows = [.. read.Distinct().Order()];
        Reading(rows);
        var shape = (long[])[.. ids.shape, Table.shape[1]];
        if (!is_grad_enabled() || !Table.requires_grad)
            return Table.index_select(0, ids.flatten()).view(shape).MoveToOuterDisposeScope();
        if (_leaf is not null)
            throw new InvalidOperationException("The words of this step were looked up already; their gradients cannot be kept apart.");
        foreach (var (place, row) in rows.Index())
            _places[row] = place;
        _index = tensor(rows).DetachFromDisposeScope();
        using var whole = Table.detach();
        _leaf = whole.index_select(0, _index).requires_grad_(true).DetachFromDisposeScope();
        _padding = Array.IndexOf(rows, padding);
        var places = tensor(Array.ConvertAll(read, row => (long)_places[row]));
        return _leaf.index_select(0, places).view(shape).MoveToOuterDisposeScope();
    }
}
