using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// softmax(Q K^T / sqrt(head size) + mask) V with the heads side by side: Q of states [batch, queries, hidden], K and V of
/// [batch, length, hidden], to [batch, queries, heads x head size].
/// How many heads there are follows from the weights.
/// </summary>
internal sealed class BertSelfAttention : nn.Module<Tensor, Tensor, Tensor, EncoderPass, Tensor>
{
    [ComponentName(Name = "query")]
    private readonly Linear _query;

    [ComponentName(Name = "key")]
    private readonly Linear _key;

    [ComponentName(Name = "value")]
    private readonly Linear _value;

    private readonly int _headSize;

    public BertSelfAttention(int hiddenSize, int heads, int headSize, Device device) : base(nameof(BertSelfAttention))
    {
        _headSize = headSize;
        _query = UnsetModules.Linear(hiddenSize, heads * headSize, device);
        _key = UnsetModules.Linear(hiddenSize, heads * headSize, device);
        _value = UnsetModules.Linear(hiddenSize, heads * headSize, device);
        RegisterComponents();
    }

    /// <summary>Attends; the mask, [batch, 1, 1, length], is added to the scores.</summary>
    public override Tensor forward(Tensor attending, Tensor hidden, Tensor mask, EncoderPass pass)
    {
        var input = pass.ToProduct(hidden);
        var rows = pass.Part?.Heads * _headSize;
        var query = Heads(pass.LinearRows(_query, ReferenceEquals(attending, hidden) ? input : pass.ToProduct(attending), rows));
        var key = Heads(pass.LinearRows(_key, input, rows));
        var value = Heads(pass.LinearRows(_value, input, rows));
        var context = pass.FusesAttention
            ? nn.functional.scaled_dot_product_attention(query, key, value, mask)
            : Attend(query, key, value, mask, pass);
        return context.transpose(1, 2).flatten(2);
    }

    private Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor mask, EncoderPass pass)
    {
        var scores = (query / Math.Sqrt(_headSize)).matmul(key.transpose(2, 3));
        pass.NoteScores(scores);
        var probabilities = pass.Softmax(scores + mask);
        pass.NoteProbabilities(probabilities);
        return pass.DropAttention(pass.ToProduct(probabilities)).matmul(value);
    }

    // [batch, length, heads x head size] to [batch, heads, length, head size].
    private Tensor Heads(Tensor states) => states.unflatten(2, [-1, _headSize]).transpose(1, 2);
}
