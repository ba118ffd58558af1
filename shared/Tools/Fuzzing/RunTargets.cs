using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Replication.Bert;
using Replication.CommandLine;
using Replication.Corpus;
using Replication.Glue;
using Replication.Runs;
using Replication.Runs.Slurm;
using Replication.Studies;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Tools.Fuzzing;

/// <summary>Readers of what the suite itself writes: runs, checkpoints, evidence, token stores, teacher outputs, requests.</summary>
internal static class RunTargets
{
    private const string Predictions = "index\tprediction\tlabel\tlogit no\tlogit yes\n0\tyes\tyes\t0\t1\n1\tno\tyes\t1\t0\n";
    private const int SequenceLength = 12;

    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "fox", "##es", "the", "a", "dog", "."];

    /// <summary>All of them.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        new("run folder", Run, folder =>
        {
            var run = RunStore.Open(folder);
            RunStore.Verify(run);
            ResultCheck.Hold(run);
        }) { Reseal = SealRun },
        new("run inventory", folder => Run(Path.Combine(folder, "runs", "count-a")),
            folder => RunInventory.Of(Path.Combine(folder, "runs"))),
        new("ledger", WriteLedger, ReadLedger) { Reseal = SealLedger },
        new("ledger, plain", folder =>
        {
            WriteLedger(folder);
            File.WriteAllLines(Path.Combine(folder, LedgerFile.PlainName), LedgerFile.Read(folder).Single().Lines);
            File.Delete(Path.Combine(folder, LedgerFile.Name));
        }, ReadLedger),
        new("checkpoints", Checkpoints, ReadCheckpoints) { Reseal = SealCheckpoints },
        new("metrics going on", folder => File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), Metrics), folder =>
        {
            using var writer = new MetricsWriter(Path.Combine(folder, "metrics.jsonl"));
            writer.Truncate(10);
        }),
        new("token store and index", Store, ReadStore) { Reseal = SealStore },
        new("token store going on", HalfStore, folder => Tokenize(folder).Dispose()),
        new("teacher outputs", Outputs, ReadOutputs) {
            Reseal = folder => Seal(Directory.GetFiles(folder, "outputs.bin", SearchOption.AllDirectories)) },
        new("request",
            folder => File.WriteAllText(Path.Combine(
            folder, "request.json"), Json.Text(new ExperimentRequest { Profile = Profile.Quick, Tasks = ["SST-2"], Corpus = "text.txt" })),
            folder => Json.Read<ExperimentRequest>(Path.Combine(folder, "request.json")).Command("tinybert")),
        new("cluster settings", folder => File.WriteAllText(
            Path.Combine(folder, "slurm.json"), Json.Text(new SlurmSettings { Partition = "gpu", Time = "08:00:00", Options = ["--x=y"] })),
            folder => SlurmSettings.Read(Path.Combine(folder, "slurm.json"))),
        new("cluster jobs", WriteJobs, ReadJobs),
    ];

    private static void WriteJobs(string folder)
    {
        var place = SlurmSubmission.NewFolder(folder, DateTimeOffset.UnixEpoch);
        Directory.CreateDirectory(place);
        new SlurmSubmission("./reproduce.ps1 tinybert --on slurm", DateTimeOffset.UnixEpoch,
        [
            new SubmittedJob("12", "tinybert-quick-1", [["SST-2 teacher, seed 1", "SST-2 TinyBERT, seed 1"], ["CoLA teacher, seed 1"]]),
            new SubmittedJob("13", "tinybert-quick-report", []),
        ]).Write(place);
    }

    // As 'runs' shows them, of a cluster that knows both jobs.
    private static void ReadJobs(string folder) =>
        new ClusterView(folder, new SlurmClient(new KnownJobs())).Show(new Display(
            new CommandLineHost { Output = TextWriter.Null, Error = TextWriter.Null, Input = Stream.Null }, quiet: false, json: false));

    private sealed class KnownJobs : ICommandRunner
    {
        public CommandResult? Run(string program, params IReadOnlyList<string> arguments) =>
            new(0, "12_0|RUNNING|1:00|node\n12_1|COMPLETED|1:00|0:0\n13|PENDING|0:00|(Dependency)\n", "");
    }

    private static string Metrics => """
        {"step":10,"epoch":0.5,"learningRate":0.001,"loss":0.7,"terms":{"L_CE":0.7}}
        {"step":20,"accuracy":0.5,"epoch":1,"split":"dev"}

        """;

    private static void Run(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), Metrics);
        File.WriteAllText(Path.Combine(folder, "predictions-dev.tsv"), Predictions);
        File.WriteAllText(Path.Combine(folder, "result.json"), Json.Text(new RunResult
        {
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> {
                ["dev"] = new Dictionary<string, double?> { ["accuracy"] = 0.5 } },
            Facts = new Dictionary<string, double> { ["steps"] = 20 },
            Samples = new Dictionary<string, IReadOnlyList<double>> { ["seconds"] = [1, 2.5] },
        }));
        var spec = new FineTuneSpec {
            Selection = new TaskSelection { Task = "SST-2" }, BaseModel = "minilm-l6", Recipe = new TrainingRecipe(), Seed = 1 };
        File.WriteAllText(Path.Combine(folder, "manifest.json"), Json.Text(new RunManifest
        {
            Key = Digest.OfText("key"), SpecKey = spec.SpecKey(), Kind = spec.Kind, Label = spec.Describe(), Spec = spec.ToElement(),
            Inputs = [new RunInput("SST-2/train", Digest.OfText("rows"))],
            Environment = new RunEnvironment("cpu", 1, "2.10.0"), KeyVersion = RunKey.Version, Needs = [], Processors = ["AVX2"],
            Machine = "a machine", Commit = "abc", Started = DateTimeOffset.UnixEpoch, Finished = DateTimeOffset.UnixEpoch,
            Seconds = 1.5, Resumes = 0, Measurements = new Dictionary<string, double> { ["tokens per second"] = 100 },
            Files = RunFiles.Digests(folder),
        }));
    }

    private static void WriteLedger(string folder)
    {
        var run = Path.Combine(folder, "run");
        Run(run);
        Ledger.Write(folder, [new LedgerRun(new RunIdentity("fine-tuned", "SST-2", 1), RunStore.Open(run))]);
        Directory.Delete(run, recursive: true);
    }

    private static void ReadLedger(string folder)
    {
        foreach (var line in Ledger.Read(folder).Runs)
            _ = (line.Run.Curves.Count, line.Run.Arrays.Count);
    }

    // Packs again what a damaged file unpacks to, as far as it does, and the checksum is of that.
    private static void SealLedger(string folder)
    {
        const int Header = 10;
        var path = Path.Combine(folder, LedgerFile.Name);
        var packed = File.ReadAllBytes(path);
        using var text = new MemoryStream();
        try
        {
            using var deflated = new DeflateStream(
                new MemoryStream(packed, Math.Min(Header, packed.Length), Math.Max(0, packed.Length - Header)), CompressionMode.Decompress);
            deflated.CopyTo(text);
        }
        catch (InvalidDataException)
        {
            // What came before it stands.
        }
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(text.GetBuffer(), 0, (int)text.Length);
    }

    private static void SealRun(string folder) => Change(Path.Combine(folder, "manifest.json"), manifest =>
    {
        if (manifest["files"] is JsonObject files)
        {
            foreach (var name in files.Select(file => file.Key).Where(name => File.Exists(Path.Combine(folder, name))).ToList())
                files[name] = Digest.OfFile(Path.Combine(folder, name));
        }
    });

    private static void Checkpoints(string folder)
    {
        var store = new CheckpointStore(folder);
        for (var step = 1; step <= 2; step++)
        {
            using var weights = full(3, (double)step);
            store.Save(new Dictionary<string, Tensor> { ["model.weight"] = weights }, Json.Node(new TrainerState { Step = step }));
        }
    }

    // One file of two checkpoints is damaged, so that one of them is left to resume from.
    private static void ReadCheckpoints(string folder)
    {
        using var checkpoint = new CheckpointStore(folder).TryLoad(found => Json.FromNode<TrainerState>(found.State));
        if (checkpoint is null)
            throw new InvalidOperationException("The sound checkpoint was not found.");
    }

    private static void SealCheckpoints(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            Change(file, saved =>
            {
                if (saved["state"] is { } state)
                    saved["digest"] = Digest.OfText(state.ToJsonString());
                var tensors = Path.ChangeExtension(file, ".safetensors");
                if (File.Exists(tensors))
                    saved["tensors"] = Digest.OfFile(tensors);
            });
        }
    }

    private static string Sentences => string.Concat(Enumerable.Range(
        0, 9).Select(i => i % 4 == 3 ? "\n" : "the foxes a dog . " + string.Join(' ', Enumerable.Repeat("fox", i * 3)) + "\n"));

    private static void Store(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "text.txt"), Sentences);
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Words);
        using var store = Tokenize(folder);
        new SequenceStream(store, SequenceLength, 1, seed: 0).Dispose();
    }

    private static TokenStore Tokenize(string folder, CancellationToken cancellation = default, Action<long>? progress = null) =>
        CorpusTokenizer.OpenOrTokenize(
        Path.Combine(folder, "cache"), Path.Combine(folder, "text.txt"), Digest.OfText(Sentences), Path.Combine(folder, "vocab.txt"),
        new FileDigests(), progress, cancellation);

    private static void HalfStore(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "text.txt"), Sentences);
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Words);
        using var stop = new CancellationTokenSource();
        try
        {
            Tokenize(folder, stop.Token, _ => stop.Cancel()).Dispose();
        }
        catch (OperationCanceledException)
        {
            // As meant: a part of the store is there.
        }
    }

    private static void ReadStore(string folder)
    {
        var place = Directory.GetDirectories(Path.Combine(folder, "cache")).Single();
        using var store = TokenStore.TryOpen(place, new FileDigests());
        if (store is null)
            return;
        store.CountTokens();
        using var stream = new SequenceStream(store, SequenceLength, 1, seed: 0);
        for (var step = 0L; step < Math.Min(stream.StepsPerEpoch, 100); step++)
            stream.Batch(step);
    }

    private static void SealStore(string folder)
    {
        var place = Directory.GetDirectories(Path.Combine(folder, "cache")).Single();
        Change(Path.Combine(place, "store.json"), header =>
        {
            if (header["files"] is JsonObject files)
            {
                foreach (var name in TokenStoreFiles.All)
                    files[name] = Digest.OfFile(Path.Combine(place, name));
            }
        });
        Seal([Path.Combine(place, "store.json"), .. Directory.GetFiles(place, "sequences-*.i64")]);
    }

    private static EncodedDataset Encoded => new(
        new GlueTask("toy", ["a", "b"], IsPair: false, [GlueMetric.Accuracy]),
        [.. Enumerable.Range(0, 5).Select(row => new EncodedExample(row, [2, 5 + row, 3], 3, row % 2))], Digest.OfText("rows"));

    private static void Outputs(string folder) => Open(folder, () => new BertForSequenceClassification(
        new BertConfig {
            VocabSize = 16, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 16, MaxPositionEmbeddings = 8 },
            2, seed: 1)).Dispose();

    private static void ReadOutputs(string folder)
    {
        using var scope = NewDisposeScope();
        using var outputs = Open(folder, () => throw new ReplicationException("They would be computed again."));
        outputs.Logits([0, 4]);
        outputs.ClsStates([0, 4]);
    }

    private static TeacherOutputs Open(string folder, Func<BertForSequenceClassification> teacher) =>
        TeacherOutputs.OpenOrCompute(
            folder, "teacher", teacher, Encoded, [1], CPU, new FileDigests(), new Processor("a processor", []), null, null, default);

    private static void Seal(IEnumerable<string> files)
    {
        foreach (var file in files)
            File.WriteAllText(file + ".sha256", Digest.OfFile(file) + "\n");
    }

    // What is no JSON any more stays as it is.
    private static void Change(string path, Action<JsonNode> change)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is not JsonObject root)
                return;
            change(root);
            File.WriteAllText(path, root.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or IOException)
        {
            return;
        }
    }
}
