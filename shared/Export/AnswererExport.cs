using Replication.Bert;
using Replication.Glue;
using Replication.Inference;
using TorchSharp;

namespace Replication.Export;

/// <summary>Exports a model for question answering: start_logits and end_logits, [batch, length], held to TorchSharp's on 500 pairs.</summary>
public static class AnswererExport
{
    private static readonly string[] Outputs = ["start_logits", "end_logits"];

    /// <summary>Writes a folder: model.onnx, config.json, the tokenizer's files and a card. Nothing is there until all has been checked.</summary>
    /// <param name="request">What is exported, in fp32 or with scales found for each token.</param>
    /// <param name="target">The folder; an earlier model in it is replaced.</param>
    /// <param name="card">The card's text, given what was found.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ReplicationException">The source answers no questions, scales are to be found on training rows, or an output differs from TorchSharp's.</exception>
    public static ExportReport Write(OnnxExportRequest request, string target, Func<ExportReport, string> card, CancellationToken cancellation)
    {
        if (request.Form.Quantization == Quantization.Static)
            throw new ReplicationException("A model for question answering is exported in fp32 or with --quantize int8; leave int8-static out.", ReplicationException.UsageError);
        using var model = ModelFolder.OpenQuestionAnswering(request.Source);
        model.eval();
        var tokenizer = ModelFolder.OpenTokenizer(request.Source);
        var pairs = VerificationTexts.Of([], tokenizer, request.MaxLength, pairs: true)
            .Select(text => tokenizer.EncodePair(text.First, text.Second, request.MaxLength)).ToList();
        ExportReport? report = null;
        AtomicFolder.Write(target, folder =>
        {
            OnnxExport.CopyTokenizer(request.Source, folder);
            var path = Path.Combine(folder, BertClassifier.FileName);
            OnnxFile.Write(path, model, request.Form with { Quantization = Quantization.None });
            report = new ExportReport
            {
                Form = request.Form, Texts = pairs.Count, Tokens = (pairs.Min(p => p.Ids.Length), pairs.Max(p => p.Ids.Length)),
                Difference = OnnxExport.Hold(Difference(path)), Bytes = 0,
            };
            if (request.Form.Quantization != Quantization.None)
                OnnxFile.Write(path, model, request.Form);
            report = report with { Bytes = new FileInfo(path).Length };
            AtomicFile.WriteText(Path.Combine(folder, "README.md"), card(report));
        });
        return report!;

        double Difference(string path)
        {
            using var onnx = OnnxModel.Open(path, Environment.ProcessorCount, Outputs);
            using var noGradient = torch.no_grad();
            var most = 0.0;
            foreach (var (ids, firstLength) in pairs)
            {
                using var scope = torch.NewDisposeScope();
                using var batch = GlueBatch.Tokenised([new(ids, firstLength)], tokenizer.Ids.Padding, torch.CPU);
                var expected = model.forward(batch, EncoderOutputs.None);
                float[][] marks = [expected.Start.data<float>().ToArray(), expected.End.data<float>().ToArray()];
                onnx.Run([(ids, firstLength)], ids.Length, tokenizer.Ids.Padding, (output, numbers) => most = Math.Max(most, OnnxExport.Largest(marks[output], numbers)), cancellation);
            }
            return most;
        }
    }
}
