using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// BERT's prediction head: LayerNorm(gelu(W h + b)), then a product with the word embeddings and a bias a word.
/// [..., hidden] to [..., vocabulary].
/// </summary>
internal sealed class MaskedLMHead : nn.Module<Tensor, Parameter, EncoderPass, Tensor>
{
    [ComponentName(Name = "predictions")]
    private readonly Predictions _predictions;

    public MaskedLMHead(BertConfig config, Device device) : base(nameof(MaskedLMHead))
    {
        _predictions = new Predictions(config, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Parameter words, EncoderPass pass) => _predictions.call(hidden, words, pass);

    private sealed class Predictions : nn.Module<Tensor, Parameter, EncoderPass, Tensor>
    {
        [ComponentName(Name = "transform")]
        private readonly Transform _transform;

        // Not readonly: moving the module to another device replaces it.
        [ComponentName(Name = "bias")]
        private Parameter _bias;

        public Predictions(BertConfig config, Device device) : base(nameof(Predictions))
        {
            _transform = new Transform(config, device);
            _bias = UnsetModules.Parameter(device, config.VocabSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden, Parameter words, EncoderPass pass)
        {
            using var scope = NewDisposeScope();
            return pass.Linear(_transform.call(hidden, pass), words, _bias).to(ScalarType.Float32).MoveToOuterDisposeScope();
        }
    }

    private sealed class Transform : nn.Module<Tensor, EncoderPass, Tensor>
    {
        [ComponentName(Name = "dense")]
        private readonly Linear _dense;

        [ComponentName(Name = "LayerNorm")]
        private readonly LayerNorm _norm;

        private readonly Func<Tensor, Tensor> _activation;

        public Transform(BertConfig config, Device device) : base(nameof(Transform))
        {
            _activation = Activation.Named(config.HiddenAct);
            _dense = UnsetModules.Linear(config.HiddenSize, config.HiddenSize, device);
            _norm = UnsetModules.LayerNorm(config.HiddenSize, config.LayerNormEps, device);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden, EncoderPass pass) =>
            _norm.call(_activation(pass.Linear(_dense, hidden)).to(ScalarType.Float32));
    }
}
