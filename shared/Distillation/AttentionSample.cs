using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;
using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>What teacher and student attend to in one sentence, kept with a run so that a report can draw it without the models.</summary>
/// <param name="Pieces">The sentence's word pieces, [CLS] and [SEP] included.</param>
/// <param name="Layers">The layers that are matched.</param>
public sealed record AttentionSample(IReadOnlyList<string> Pieces, IReadOnlyList<AttentionOfLayers> Layers)
{
    // Long enough to have a pattern, short enough that its words can be read under a picture.
    private const int Shortest = 8, Longest = 16;

    /// <summary>The sample that a run kept; null for none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="map">Which layers went together.</param>
    public static AttentionSample? Read(FinishedRun run, LayerMap map)
    {
        RunArray? Find(string name) => run.Arrays.FirstOrDefault(array => array.Name == name);
        AttentionOfLayers[] layers =
        [
            .. from pair in map.Pairs
               let student = Find(OfStudent(pair.Student))
               let teacher = Find(OfTeacher(pair.Teacher))
               where student is not null && teacher is not null
               select new AttentionOfLayers(pair.Student, pair.Teacher, student.Rows, teacher.Rows),
        ];
        return layers.Length == 0 ? null : new AttentionSample(Find(OfStudent(layers[0].StudentLayer))!.Labels, layers);
    }

    /// <summary>Keeps it with a run.</summary>
    public void Write(RunFolder folder) => RunArray.Write(folder.Path, Arrays());

    /// <summary>A matrix for each layer, with the word pieces as labels; a layer that teaches several appears once.</summary>
    public IReadOnlyList<RunArray> Arrays() =>
    [
        .. Layers.SelectMany(pair => (RunArray[])
            [
                new(OfStudent(pair.StudentLayer), Pieces, pair.Student), new(OfTeacher(pair.TeacherLayer), Pieces, pair.Teacher),
            ])
            .DistinctBy(array => array.Name, StringComparer.Ordinal),
    ];

    private static string OfStudent(int layer) => $"attention of student layer {layer}";

    private static string OfTeacher(int layer) => $"attention of teacher layer {layer}";

    /// <summary>Runs both models in fp32 without dropout on a row of some data: the first of 8 to 16 pieces, else the shortest.</summary>
    /// <param name="student">The student, put in evaluation mode.</param>
    /// <param name="teacher">The teacher, put in evaluation mode.</param>
    /// <param name="map">Which layers go together.</param>
    /// <param name="data">Rows.</param>
    /// <param name="pieces">The tokenizer.</param>
    /// <param name="device">Where the models are.</param>
    public static AttentionSample Of(
        BertModel student, BertModel teacher, LayerMap map, EncodedDataset data, TextTokenizer pieces, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var row = data.Examples.FirstOrDefault(e => e.InputIds.Length is >= Shortest and <= Longest)
            ?? data.Examples.MinBy(e => e.InputIds.Length)!;
        using var batch = GlueBatch.Collate(data, [data.Examples.ToList().IndexOf(row)], device);
        var (own, taught) = (Probabilities(student, batch.Tokens), Probabilities(teacher, batch.Tokens));
        return new AttentionSample(
            [.. row.InputIds.Select(pieces.Token)],
            [.. map.Pairs.Select(pair => new AttentionOfLayers(
                pair.Student, pair.Teacher, Rows(own[pair.Student - 1]), Rows(taught[pair.Teacher - 1])))]);
    }

    private static IReadOnlyList<Tensor> Probabilities(BertModel model, TokenBatch tokens)
    {
        model.eval();
        model.Precision = Precision.Fp32;
        return model.call(tokens, EncoderOutputs.AttentionProbabilities).AttentionProbabilities;
    }

    // [1, heads, length, length] as the mean over heads, to four decimals.
    private static double[][] Rows(Tensor probabilities)
    {
        var length = (int)probabilities.shape[^1];
        return [.. probabilities.mean([0, 1]).cpu().data<float>().ToArray().Select(value => Math.Round(value, 4)).Chunk(length)];
    }
}

/// <summary>
/// Attention of a layer of the student and of the teacher's that it learns from: the probabilities' mean over heads, [length, length], a
/// row for each attending piece.
/// </summary>
/// <param name="StudentLayer">m, from 1.</param>
/// <param name="TeacherLayer">g(m).</param>
/// <param name="Student">The student's.</param>
/// <param name="Teacher">The teacher's.</param>
public sealed record AttentionOfLayers(
    int StudentLayer, int TeacherLayer, IReadOnlyList<double[]> Student, IReadOnlyList<double[]> Teacher);
