using Replication.Bert;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Tests.Studies;

/// <summary>
/// A folder with a tiny pretrained model and SST-2 in a few made-up rows, to run a paper's whole pipeline on. Compiled into papers' tests.
/// </summary>
internal sealed class TinyPipeline : IDisposable
{
    /// <summary>Rows of the splits.</summary>
    public const int TrainRows = 40, DevRows = 16;

    private const int Words = 40;

    private readonly string _root = Directory.CreateTempSubdirectory("tiny-pipeline-").FullName;

    /// <summary>Writes model, data and text; one thread computes from here on.</summary>
    public TinyPipeline(int layers, int heads, double initializerRange = 0.2)
    {
        TorchSharp.torch.set_num_threads(1);
        var config = new BertConfig
        {
            VocabSize = Words
                + 5, HiddenSize = 16, NumHiddenLayers = layers, NumAttentionHeads = heads, IntermediateSize = 32,
                MaxPositionEmbeddings = 40, InitializerRange = initializerRange,
        };
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(
            vocabulary,
            string.Join('\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(0, Words).Select(Word)]) + "\n");
        using (var model = new BertForMaskedLM(config, 1))
            ModelFolder.Save(model, Base, vocabulary);
        var random = new RandomStream(1, "tiny text");
        // The first word tells the label, for the tests that need something to be learnt.
        string Sentence(int label) => string.Join(
            ' ', [Word(label), .. Enumerable.Range(0, 3 + random.NextInt32(6)).Select(_ => Word(2 + random.NextInt32(Words - 2)))]);
        File.WriteAllText(Text, string.Join("\n\n", Enumerable.Range(0, 30).Select(_ => $"{Sentence(0)}\n{Sentence(1)}")) + "\n");
        var data = Path.Combine(_root, "data", "glue", "SST-2");
        Directory.CreateDirectory(data);
        foreach (var (name, rows) in new[] { ("train", TrainRows), ("dev", DevRows) })
            File.WriteAllText(
                Path.Combine(data, name + ".tsv"), "sentence\tlabel\n"
                    + string.Concat(Enumerable.Range(0, rows).Select(i => $"{Sentence(i % 2)}\t{i % 2}\n")));
    }

    /// <summary>Folder of the pretrained model, which has a masked-language-model head.</summary>
    public string Base => Path.Combine(_root, "base");

    /// <summary>File of plain text, thirty documents of two sentences.</summary>
    public string Text => Path.Combine(_root, "text.txt");

    /// <summary>A path of this folder.</summary>
    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>A place with runs of its own.</summary>
    public Workspace Workspace(string name)
    {
        var folders = DataFolders.Of(_root, Path.Combine(_root, "data"));
        return new Workspace
        {
            Root = Path.Combine(_root, name), Glue = new GlueSource(folders), Models = new ModelCatalog(folders),
            Environment = new RunEnvironment("cpu", 1, "test"), Processor = new Processor("a processor", []),
        };
    }

    /// <summary>Runs a run with all that it needs.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="spec">The run.</param>
    /// <param name="stopAt">Step at which it is stopped; null to let it end.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static FinishedRun Execute(Workspace workspace, RunSpec spec, int? stopAt = null)
    {
        using var stop = new CancellationTokenSource();
        return new RunExecutor(workspace, new RunStore(workspace), new StopAt(stopAt ?? long.MaxValue, stop)).Run(spec, stop.Token);
    }

    /// <summary>Runs a run that is stopped once and resumed, after all that it needs.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="spec">The run.</param>
    /// <param name="stopAt">Step at which it is stopped.</param>
    public static FinishedRun ExecuteStopped(Workspace workspace, RunSpec spec, int stopAt)
    {
        foreach (var need in spec.Needs())
            Execute(workspace, need);
        Assert.That(() => Execute(workspace, spec, stopAt), Throws.InstanceOf<OperationCanceledException>());
        return Execute(workspace, spec);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Word(int i) => $"{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}";

    private sealed class StopAt(long step, CancellationTokenSource stop) : IRunProgress
    {
        private bool _counts;

        public void Begin(string label, long total, long done, string unit) => _counts = unit == "steps";

        public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
        {
            if (_counts && done >= step)
                stop.Cancel();
        }

        public void Note(string text)
        {
        }

        public void End()
        {
        }
    }
}
