using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Keeps the gradient of the word vectors to the rows that a batch looks up. libtorch's own is as large as the table, of which a
/// batch reads one row in a hundred: filling it with zeros, clipping it and updating by it take longer than the rest of a step's update.
/// Each row's gradient has the bits of libtorch's, and so has the norm: libtorch adds up squares in order, lane by lane of a vector, and
/// the squares that are left out are 0.
/// </summary>
public sealed class WordRows : IDisposable
{
    // Numbers of fp32 in the widest vector register.
    private const int Vector = 16;

    private readonly BertModel _encoder;
    private readonly int _unit;
    private readonly int[] _places;
    private Tensor? _index, _leaf;
    private int _padding = -1;

    /// <summary>Begins to do so for an encoder in main memory, until this is disposed of.</summary>
    /// <param name="encoder">The encoder, which looks up once a step at most while gradients are computed.</param>
    public WordRows(BertModel encoder)
    {
        (_encoder, _unit) = (encoder, Unit(encoder.Config));
        _places = new int[encoder.Config.VocabSize];
        encoder.WordRows = this;
    }

    /// <summary>The word vectors, [vocabulary, hidden].</summary>
    public Parameter Table => _encoder.WordWeights;

    /// <summary>Hears which rows are about to be read, in ascending order.</summary>
    public Action<long[]> Reading { get; set; } = _ => { };

    /// <summary>The rows of the step's look-up, in ascending order; empty before one.</summary>
    public long[] Rows { get; private set; } = [];

    /// <summary>The same as a tensor, int64 [rows]; null before a look-up.</summary>
    public Tensor? Index => _index;

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

    /// <summary>Begins to do so where it can be done; null where not.</summary>
    /// <param name="encoder">The encoder; null for none.</param>
    /// <param name="device">Where it computes.</param>
    public static WordRows? For(BertModel? encoder, Device device) =>
        encoder is not null && IsPossible(encoder.Config, device) ? new WordRows(encoder) : null;

    /// <summary>Whether it can be done: in main memory, with a table of whole units of rows.</summary>
    /// <param name="config">The geometry.</param>
    /// <param name="device">Where it computes.</param>
    public static bool IsPossible(BertConfig config, Device device) =>
        device.type == DeviceType.CPU && config.VocabSize % Unit(config) == 0;

    /// <summary>Whether a parameter is the table, by where its numbers are: a module hands out a new object each time.</summary>
    /// <param name="parameter">In main memory.</param>
    public bool IsTable(Parameter parameter) =>
        parameter.numel() == (long)_places.Length * _encoder.Config.HiddenSize && parameter.bytes.Overlaps(Table.bytes);

    /// <summary>Forgets the gradient.</summary>
    public void Forget()
    {
        _index?.Dispose();
        _leaf?.Dispose();
        (_index, _leaf, _padding, Rows) = (null, null, -1, []);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _encoder.WordRows = null;
    }

    /// <summary>The vectors of some ids, [..., hidden].</summary>
    /// <param name="ids">int64 [...].</param>
    /// <param name="padding">The id whose row gets no gradient.</param>
    internal Tensor Look(Tensor ids, int padding)
    {
        using var scope = NewDisposeScope();
        var read = ids.data<long>().ToArray();
        long[] rows = [.. read.Select(row => row / _unit).Distinct().Order()
            .SelectMany(unit => Enumerable.Range(0, _unit).Select(row => (unit * _unit) + row))];
        Reading(rows);
        var shape = (long[])[.. ids.shape, Table.shape[1]];
        if (!is_grad_enabled() || !Table.requires_grad)
            return Table.index_select(0, ids.flatten()).view(shape).MoveToOuterDisposeScope();
        if (_leaf is not null)
            throw new InvalidOperationException("The words of this step were looked up already; their gradients cannot be kept apart.");
        foreach (var (place, row) in rows.Index())
            _places[row] = place;
        Rows = rows;
        _index = tensor(rows).DetachFromDisposeScope();
        using var whole = Table.detach();
        _leaf = whole.index_select(0, _index).requires_grad_(true).DetachFromDisposeScope();
        _padding = Array.IndexOf(rows, padding);
        var places = tensor(Array.ConvertAll(read, row => (long)_places[row]));
        return _leaf.index_select(0, places).view(shape).MoveToOuterDisposeScope();
    }

    // So many rows fill whole vectors; together they are as aligned, and as free of a rest, as in the table.
    private static int Unit(BertConfig config) => Vector / (int)System.Numerics.BigInteger.GreatestCommonDivisor(Vector, config.HiddenSize);
}
