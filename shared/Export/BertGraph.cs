using Onnx;
using Replication.Bert;

namespace Replication.Export;

/// <summary>
/// Writes a BERT or DistilBERT as an ONNX graph: input_ids, attention_mask and, where the model has them, token_type_ids, all
/// int64 [batch, length], both dimensions free. How many heads and how wide a feed-forward network a layer has follows from
/// its weights.
/// </summary>
/// <param name="config">The geometry.</param>
/// <param name="weights">The weights by their names in BERT's layout.</param>
/// <param name="products">How products with weights are written.</param>
/// <param name="layers">How a layer's other parts are written.</param>
internal sealed class BertGraph(BertConfig config, Func<string, Weight> weights, Products products, LayerParts layers)
{
    private readonly OnnxGraph _graph = new("bert");

    /// <summary>A classifier: logits, float [batch, outputs].</summary>
    public ModelProto Classifier(int outputs)
    {
        var states = Encoder(onlyFirst: true);
        var first = _graph.Node("Gather", "first", [states, _graph.Index(0)], OnnxGraph.Whole("axis", 1));
        var pooled = config.Kind switch
        {
            EncoderKind.DistilBert => _graph.Node("Relu", "pre_classifier.relu", [Linear(first, "pre_classifier")]),
            EncoderKind.Roberta => _graph.Node("Tanh", "pre_classifier.tanh", [Linear(first, "pre_classifier")]),
            _ => _graph.Node("Tanh", "pooler.tanh", [Linear(first, "bert.pooler.dense")]),
        };
        if (config.ReluBeforeClassifier)
            pooled = _graph.Node("Relu", "pooler.relu", [pooled]);
        _graph.Output(Linear(pooled, "classifier"), "logits", "batch", FormattableString.Invariant($"{outputs}"));
        return _graph.ToModel();
    }

    /// <summary>A model that marks an answer in a passage: start_logits and end_logits, float [batch, length] each.</summary>
    public ModelProto QuestionAnswering()
    {
        var marks = Linear(Encoder(onlyFirst: false), "qa_outputs");
        foreach (var (output, place) in (ReadOnlySpan<(string, int)>)[("start_logits", 0), ("end_logits", 1)])
            _graph.Output(
                _graph.Node("Gather", output + ".mark", [marks, _graph.Index(place)], OnnxGraph.Whole("axis", 2)), output, "batch",
                "length");
        return _graph.ToModel();
    }

    /// <summary>Whether a model tells the types of tokens apart; RoBERTa has one type alone.</summary>
    public static bool HasTypes(BertConfig config) => config.TypeVocabSize > 1;

    // Where only the first state is asked for, the last layer computes no other: its attention reads all the same.
    private string Encoder(bool onlyFirst)
    {
        var ids = _graph.Input("input_ids", "batch", "length");
        var mask = layers.Mask(_graph, _graph.Input("attention_mask", "batch", "length"));
        var states = Embeddings(ids, HasTypes(config) ? _graph.Input("token_type_ids", "batch", "length") : null);
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            var attending = onlyFirst && layer == config.NumHiddenLayers - 1
                ? _graph.Node("Slice", "attending", [states, _graph.Indices(0), _graph.Indices(1), _graph.Indices(1)])
                : states;
            states = Layer(FormattableString.Invariant($"bert.encoder.layer.{layer}."), attending, states, mask, config.HeadsOf(layer));
        }
        return states;
    }

    private string Embeddings(string ids, string? types)
    {
        const string Part = "bert.embeddings.";
        var words = products.LookUp(_graph, ids, "words", weights(Part + "word_embeddings.weight"));
        var typed = words;
        if (config.TypeVocabSize > 0)
        {
            var table = _graph.Floats(weights(Part + "token_type_embeddings.weight"));
            typed = _graph.Node("Add", "typed", [words, types is null ? table : _graph.Node("Gather", "types", [table, types])]);
        }
        var places = _graph.Floats(weights(Part + "position_embeddings.weight"));
        var positions = config.Kind == EncoderKind.Roberta
            ? _graph.Node("Gather", "positions", [places, RobertaPositions(ids)])
            : FirstPositions(places, ids);
        var sum = _graph.Node("Add", "placed", [typed, positions]);
        return _graph.Node(
            "LayerNormalization", "embedded", [sum, .. Norm(Part + "LayerNorm")], OnnxGraph.Number("epsilon", config.LayerNormEps));
    }

    private string FirstPositions(string places, string ids)
    {
        var length = _graph.Node("Slice", "length", [_graph.Node("Shape", "shape", [ids]), _graph.Indices(1), _graph.Indices(2)]);
        return _graph.Node("Slice", "positions", [places, _graph.Indices(0), length, _graph.Indices(0)]);
    }

    // The pad id has the position of its number, and a token that of the pad id plus the number of tokens so far, itself included.
    private string RobertaPositions(string ids)
    {
        var padding = _graph.Index(config.PadTokenId);
        var isToken = _graph.Node("Cast", "is_token", [
            _graph.Node("Not", "is_no_padding", [_graph.Node("Equal", "is_padding", [ids, padding])])], OnnxGraph.Whole("to", 7));
        var counted = _graph.Node("Mul", "counted", [_graph.Node("CumSum", "count", [isToken, _graph.Index(1)]), isToken]);
        return _graph.Node("Add", "places", [counted, padding]);
    }

    private string Layer(string part, string attending, string states, string mask, int heads)
    {
        var attention = new AttentionInputs(
            Product(attending, part + "attention.self.query"), Product(states, part + "attention.self.key"),
            Product(states, part + "attention.self.value"),
            mask, heads, config.HeadSize);
        var context = layers.Attention(_graph, part + "attention", attention);
        var attended = layers.AddAndNormalize(
            _graph, part + "attended", Product(context, part + "attention.output.dense"), attending,
            Norm(part + "attention.output.LayerNorm"), config.LayerNormEps);
        var activated = layers.Activate(_graph, part + "intermediate", Product(attended, part + "intermediate.dense"), config.HiddenAct);
        var output = Product(activated, part + "output.dense", LayerParts.Least(config.HiddenAct));
        return layers.AddAndNormalize(_graph, part + "output", output, attended, Norm(part + "output.LayerNorm"), config.LayerNormEps);
    }

    private (string Product, string Bias) Product(string input, string layer, double? least = null) =>
        products.Multiply(_graph, input, layer, weights(layer + ".weight"), weights(layer + ".bias"), least);

    // Layers behind the encoder see one token a text: they stay in fp32 whatever the rest is in.
    private string Linear(string input, string layer)
    {
        var (product, bias) = new FloatProducts().Multiply(_graph, input, layer, weights(layer + ".weight"), weights(layer + ".bias"));
        return _graph.Node("Add", layer + ".sum", [product, bias]);
    }

    private string[] Norm(string layer) => [_graph.Floats(weights(layer + ".weight")), _graph.Floats(weights(layer + ".bias"))];
}
