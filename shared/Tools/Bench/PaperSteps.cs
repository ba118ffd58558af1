using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Corpus;
using Replication.Distillation;
using Replication.DistilBERT;
using Replication.Measurements;
using Replication.PatientKD;
using Replication.Runs;
using Replication.TinyBERT;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>Training steps of the papers, held against what they are made of.</summary>
internal static class PaperSteps
{
    private const string Task = "SST-2";

    private const int Batches = 6, StudentLayers = 3;

    private static BertConfig Teacher => CalibrationMeasurement.Geometry;

    private static BertConfig Student => Teacher with { NumHiddenLayers = StudentLayers };

    /// <summary>Patient-KD against a teacher whose outputs are kept, beside the student's plain step.</summary>
    public static StepSubject PatientKd(Workspace workspace)
    {
        var rows = TimedRows.Of(workspace, Task, Batches);
        var folder = new ScratchFolder();
        var map = PatientLayerMaps.Skip(Teacher.NumHiddenLayers, StudentLayers);
        int[] layers = [.. map.Pairs.Select(pair => pair.Teacher)];
        var outputs = TeacherOutputs.OpenOrCompute(
            folder.Path, "random weights", () => Classifier(Teacher, rows), rows.Data, layers, workspace.Device, workspace.Digests,
            workspace.Processor, null, null, CancellationToken.None);
        var student = Classifier(Student, rows);
        var distilled = new TimedTraining(
            workspace, student, new PatientKdObjective(student, outputs, layers, PatientKdLoss.Default with { Beta = 100 }, map), rows);
        var plain = FineTuningStep.New(workspace, Student, rows, Precision.Fp32);
        return new StepSubject
        {
            Setting = $"student of {FineTuningStep.Words(Student)}, PKD-Skip from kept outputs of {FineTuningStep.Words(Teacher)}, fp32: "
                + rows.Words,
            Step = distilled.Run, Measure = StepMeasure.TimesBeside, Beside = [("plain step", plain.Run)],
            Owned = [distilled, plain, outputs, folder],
        };
    }

    /// <summary>TinyBERT's first step of task distillation, beside the student's plain step and the teacher's forward pass.</summary>
    public static StepSubject TinyBert(Workspace workspace)
    {
        var rows = TimedRows.Of(workspace, Task, Batches);
        var (teacher, student) = (Classifier(Teacher, rows), Classifier(Student, rows));
        teacher.to(workspace.Device);
        var projections = new Projections(Student, Teacher.HiddenSize, shared: false, seed: 1, workspace.Device);
        var objective = new IntermediateObjective(
            student, new OnlineTeacher(teacher, hasDropout: false, Precision.Fp32, seed: 1), projections, Teacher,
            TransformerDistillation.Paper);
        var distilled = new TimedTraining(workspace, student, objective, rows);
        var plain = FineTuningStep.New(workspace, Student, rows, Precision.Fp32);
        void Pass()
        {
            using var inference = inference_mode();
            for (var batch = 0; batch < rows.Batches.Count; batch++)
            {
                using var tensors = rows.Collate(batch, workspace.Device);
                SpeedMeasurement.Pass(teacher, tensors.Tokens);
            }
        }
        return new StepSubject
        {
            Setting = $"student of {FineTuningStep.Words(Student)}; attention, hidden states and embeddings of "
                + $"{FineTuningStep.Words(Teacher)} that run beside it, fp32: {rows.Words}",
            Step = distilled.Run, Measure = StepMeasure.TimesBeside, Beside = [("plain step", plain.Run), ("teacher's pass", Pass)],
            Owned = [distilled, plain, projections, teacher],
        };
    }

    /// <summary>
    /// DistilBERT's pretraining step over the whole vocabulary, held against its matrix products at the yardstick's rate.
    /// </summary>
    public static StepSubject DistilBert(Workspace workspace)
    {
        const int Sequences = 8, Length = 128;
        var config = BertConfig.Base;
        var teacher = new BertForMaskedLM(config, seed: 1);
        var student = DistilStudent.Create(teacher, StudentStart.EverySecond);
        teacher.to(workspace.Device);
        student.to(workspace.Device);
        teacher.eval();
        student.train();
        var recipe = PretrainingRecipe.OfficialTraining;
        var dropout = student.Encoder.Dropout = new DropoutStream(1);
        var batch = Masked(config.VocabSize, Sequences, Length, workspace.Device);
        var objective = new TripleObjective(student, teacher, TripleLoss.OfficialCode);
        var optimizer = Optimizers.Create(recipe, student.named_parameters());
        var step = 0L;
        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGrad();
            dropout.BeginStep(step++);
            objective.ForwardBackward(batch);
            GradientClipping.ClipTotalNorm(student.parameters(), recipe.MaxGradNorm!.Value);
            optimizer.Step(recipe.LearningRate);
        }
        var work = new PretrainSpec
        {
            Corpus = CorpusSource.Embedded, Teacher = "bert-base-uncased",
            Recipe = new PretrainingRecipe { Training = recipe with { BatchSize = Sequences, MaxLength = Length }, Steps = 1 },
        }.EstimateWork(workspace).Fp32;
        return new StepSubject
        {
            Setting = FormattableString.Invariant(
                $"BERT-base to DistilBERT, {config.VocabSize:n0} words, fp32: {Sequences} x {Length} random tokens, no padding"),
            Step = Step, Measure = StepMeasure.TimesProducts, Flops = work.Training + work.Inference,
            Owned = [optimizer, batch, student, teacher],
        };
    }

    private static BertForSequenceClassification Classifier(BertConfig config, TimedRows rows) =>
        new(config, rows.Data.Task.Outputs, seed: 1);

    // Hidden words come first among the places, as collating has it.
    private static MaskedBatch Masked(int vocabulary, int sequences, int length, Device device)
    {
        var tokens = SpeedMeasurement.RandomTokens(
            vocabulary, new SpeedProtocol { BatchSize = sequences, Length = length }, device);
        var places = Enumerable.Range(0, sequences * length).Select(place => (long)place).ToArray();
        new RandomStream(0, "masked places").Shuffle<long>(places);
        var hidden = (int)(places.Length * MaskingRecipe.OfficialCode.Share);
        return new MaskedBatch(tokens, tensor(places, device: device), zeros([hidden], ScalarType.Int64, device));
    }

    private sealed class ScratchFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("bench-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
