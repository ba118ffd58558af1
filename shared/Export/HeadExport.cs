using Replication.Bert;
using Replication.Glue;
using Replication.Inference;
using Replication.Measurements;
using TorchSharp;

namespace Replication.Export;

/// <summary>
/// Exports a model for question answering (start_logits and end_logits, [batch, length]) or for multiple choice (logits, one
/// score an option), held to TorchSharp's on 500 pairs.
/// </summary>
public static class HeadExport
{
    // Options of a made-up question; texts that run alone and beside others; rounds in which a text is timed.
    private const int Choices = 4, NeighbourTexts = 32, Warmup = 3, Rounds = 20;

    /// <summary>
    /// Writes a folder: model.onnx, config.json, the tokenizer's files and a card. Nothing is there until all has been checked.
    /// </summary>
    /// <param name="request">What is exported.</param>
    /// <param name="target">The folder; an earlier model in it is replaced.</param>
    /// <param name="card">The card's text, given what was found.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ReplicationException">
    /// The source has no such head, an output differs from TorchSharp's, or a row for calibration is missing.
    /// </exception>
    public static ExportReport Write(
        OnnxExportRequest request, string target, Func<ExportReport, string> card, CancellationToken cancellation)
    {
        using var head = OpenHead(request.Source);
        var tokenizer = ModelFolder.OpenTokenizer(request.Source);
        var pairs = VerificationTexts.Of(request.Dev?.Texts ?? [], tokenizer, request.MaxLength, pairs: true)
            .Select(text => tokenizer.EncodePair(text.First, text.Second, request.MaxLength)).ToList();
        ExportReport? report = null;
        AtomicFolder.Write(target, folder =>
        {
            OnnxExport.CopyTokenizer(request.Source, folder);
            var path = Path.Combine(folder, TextModel.FileName);
            head.Write(path, request.Form.Fused, new FloatProducts());
            using var fp32 = Open(folder, head);
            var expected = Run(fp32, pairs);
            report = new ExportReport
            {
                Form = request.Form, Texts = pairs.Count, Tokens = (pairs.Min(p => p.Ids.Length), pairs.Max(p => p.Ids.Length)),
                Difference = OnnxExport.Hold(Difference([.. pairs.Index().Select(Original)], expected)), Bytes = 0,
                Scores = request.Scores(folder, "fp32", cancellation),
            };
            if (request.Form.Quantization != Quantization.None)
            {
                Quantize(path, fp32);
                using var int8 = Open(folder, head);
                report = report with
                {
                    Quantized = Compare(fp32, int8, expected) with { Fp32Scores = report.Scores },
                    Scores = request.Scores(folder, "int8", cancellation),
                };
            }
            report = report with { Bytes = new FileInfo(path).Length };
            AtomicFile.WriteText(Path.Combine(folder, "README.md"), card(report));
        });
        return report!;

        void Quantize(string path, TextModel fp32)
        {
            if (request.Form.Quantization == Quantization.Dynamic)
            {
                head.Write(path, request.Form.Fused, Products.Of(request.Form));
                return;
            }
            new StaticScales
            {
                Train = request.Train, Tokenizer = tokenizer, MaxLength = request.MaxLength, Fused = request.Form.Fused,
                Write = (file, products) => head.Write(file, request.Form.Fused, products),
                Fp32 = rows => Outputs(fp32, rows),
                Written = rows =>
                {
                    using var tried = Open(Path.GetDirectoryName(path)!, head);
                    return Outputs(tried, rows);
                },
            }.WriteBest(path, cancellation);
        }

        // A text's numbers of all outputs behind each other.
        IReadOnlyList<float[]> Outputs(TextModel model, IReadOnlyList<TextInput> rows) =>
            [.. Run(model, [.. rows.Select(row => tokenizer.EncodePair(row.First, row.Second, request.MaxLength))])
                .Select(outputs => outputs.SelectMany(numbers => numbers).ToArray())];

        float[][] Original((int Index, (int[] Ids, int FirstLength) Text) pair)
        {
            cancellation.ThrowIfCancellationRequested();
            request.OnTexts?.Invoke("comparing with TorchSharp", pair.Index, pairs.Count);
            return head.Forward(pair.Text.Ids, pair.Text.FirstLength, tokenizer.Ids.Padding);
        }

        QuantizationReport Compare(TextModel fp32, TextModel int8, float[][][] expected)
        {
            var outputs = Run(int8, pairs);
            (int[], int)[] asked = [.. pairs.Where((_, i) => i % (pairs.Count / NeighbourTexts) == 0)];
            (int[], int)[] timed = [pairs[pairs.Count / 2]];
            var speed = SpeedMeasurement.Interleave(
                [("fp32", () => Run(fp32, timed)), ("int8", () => Run(int8, timed))], Warmup, request.IsTimed ? Rounds : 1, request.Clock,
                progress: null, cancellation);
            return new QuantizationReport
            {
                SameLabels = head.Answers(outputs).Zip(head.Answers(expected)).Average(p => p.First == p.Second ? 1.0 : 0),
                NeighbourDifference = Difference([.. asked.Select(text => Run(int8, [text])[0])], Run(int8, asked)),
                Fp32 = Spread.Of([.. speed.Seconds["fp32"]]), Int8 = Spread.Of([.. speed.Seconds["int8"]]),
                TimedTokens = timed[0].Item1.Length,
            };
        }

        // [texts][outputs][numbers], padding left out.
        float[][][] Run(TextModel model, IReadOnlyList<(int[] Ids, int FirstLength)> texts)
        {
            var all = texts.Select(_ => new float[head.Outputs.Length][]).ToArray();
            model.Run(texts, (row, output, numbers) => all[row][output] = numbers[..Math.Min(numbers.Length, texts[row].Ids.Length)]
                .ToArray(), cancellation);
            return all;
        }
    }

    private static TextModel Open(string folder, Head head) =>
        TextModel.Open(folder, new BertClassifierOptions(), meters: null, head.Outputs);

    private static double Difference(IReadOnlyList<float[][]> one, IReadOnlyList<float[][]> other) =>
        OnnxExport.Difference([.. one.SelectMany(outputs => outputs)], [.. other.SelectMany(outputs => outputs)]);

    private static Head OpenHead(string folder)
    {
        if (ModelFolder.ReadHead(folder) == ModelHead.QuestionAnswering)
        {
            var answerer = ModelFolder.OpenQuestionAnswering(folder);
            return new Head(
                answerer, BertAnswerer.Outputs, (path, fused, products) => OnnxFile.Write(path, answerer, fused, products), tokens =>
                {
                    var marks = answerer.forward(tokens, EncoderOutputs.None);
                    return [marks.Start, marks.End];
                });
        }
        // Each option is scored by itself.
        var scorer = ModelFolder.OpenClassifier(folder, outputs: 1);
        return new Head(
            scorer, [BertClassifier.Output], (path, fused, products) => OnnxFile.Write(path, scorer, fused, products),
            tokens => [scorer.forward(tokens, EncoderOutputs.None).Logits]);
    }

    private sealed class Head : IDisposable
    {
        private readonly torch.nn.Module _model;
        private readonly Func<TokenBatch, torch.Tensor[]> _forward;

        public Head(
            torch.nn.Module model, string[] outputs, Action<string, bool, Products> write, Func<TokenBatch, torch.Tensor[]> forward)
        {
            (_model, Outputs, Write, _forward) = (model, outputs, write, forward);
            model.eval();
        }

        public string[] Outputs { get; }

        /// <summary>Writes the file: whether with ONNX Runtime's own operators, and how products are written.</summary>
        public Action<string, bool, Products> Write { get; }

        public float[][] Forward(int[] ids, int firstLength, int padding)
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            using var batch = GlueBatch.Tokenised([new(ids, firstLength)], padding, torch.CPU);
            return Array.ConvertAll(_forward(batch), output => output.contiguous().data<float>().ToArray());
        }

        // What is answered: the best start and end, or the best of the options.
        public IEnumerable<(int, int)> Answers(float[][][] texts) => Outputs.Length == 2
            ? texts.Select(outputs => (OnnxExport.Highest(outputs[0]), OnnxExport.Highest(outputs[1])))
            : texts.Chunk(Choices).Select(options => (OnnxExport.Highest([.. options.Select(outputs => outputs[0][0])]), 0));

        public void Dispose() => _model.Dispose();
    }
}
