using Replication.Bert;
using Replication.CommandLine;
using Replication.Corpus;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.DistilBERT.Tests;

/// <summary>A folder with a tiny teacher, a short text and what runs need, for pretrainings of a second.</summary>
internal sealed class TinyWorkplace : IDisposable
{
    private static readonly string[] Words = [.. Enumerable.Range(0, 55).Select(i => $"w{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}")];

    private readonly string _folder = Directory.CreateTempSubdirectory("distilbert").FullName;

    public TinyWorkplace(int positions = 16)
    {
        File.WriteAllText(
            Path.Combine(_folder, "vocab.txt"), string.Join('\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Words])
                + "\n");
        using var teacher = new BertForMaskedLM(TinyPair.Config with { MaxPositionEmbeddings = positions }, seed: 1);
        ModelFolder.Save(teacher, Teacher, Path.Combine(_folder, "vocab.txt"));
        // Every sentence runs through the words in order, so that there is something to learn.
        File.WriteAllLines(
            Text,
            Enumerable.Range(0, 120).Select(i => i % 10 == 9 ? "" : string.Join(' ', Enumerable.Range(i, 6).Select(k => Words[k % 55]))));
        Workspace = new Workspace
        {
            Root = _folder,
            Glue = new GlueSource(DataFolders.Of(RepositoryRoot.Find())),
            Models = new ModelCatalog(DataFolders.Of(_folder)),
            Environment = new RunEnvironment("cpu", 1, "test"), Processor = new Processor("a processor", []),
        };
    }

    public Workspace Workspace { get; }

    public string Teacher => Path.Combine(_folder, "teacher");

    public string Text => Path.Combine(_folder, "text.txt");

    /// <summary>Writes another model in the teacher's place.</summary>
    /// <param name="write">Writes it; gets the teacher's vocabulary.</param>
    public void ReplaceTeacher(Action<string> write)
    {
        Directory.Delete(Teacher, recursive: true);
        write(Path.Combine(_folder, "vocab.txt"));
    }

    /// <summary>Six steps of batches of 4, in parts of 2.</summary>
    public PretrainSpec Spec(TripleLoss? loss = null, int steps = 6) => new()
    {
        Corpus = CorpusSource.OfUser(Text),
        Teacher = Teacher,
        Recipe = new PretrainingRecipe
        {
            Loss = loss ?? TripleLoss.OfficialCode,
            Training = PretrainingRecipe.OfficialTraining with { BatchSize = 4, MaxLength = 16, LearningRate = 3e-3 },
            MicroBatch = 2,
            Steps = steps,
        },
    };

    public FinishedRun Run(RunSpec spec, IRunProgress? progress = null, CancellationToken cancellation = default) =>
        new RunExecutor(Workspace, new RunStore(Workspace), progress ?? new QuietProgress()).Run(spec, cancellation);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
