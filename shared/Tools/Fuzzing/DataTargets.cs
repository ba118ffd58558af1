using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Replication.Augmentation;
using Replication.Claims;
using Replication.CommandLine;
using Replication.Corpus;
using Replication.Glue;
using Replication.Glue.Squad;

namespace Replication.Tools.Fuzzing;

/// <summary>Readers of data: tables, Parquet, passages, text, word vectors.</summary>
internal static class DataTargets
{
    private const int Rows = 6;

    private const string Passage = "The quick brown fox jumped over the lazy dog in 1999.";

    /// <summary>All of them.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        .. new[] { GlueTasks.Sst2, GlueTasks.Cola, GlueTasks.Mrpc, GlueTasks.Stsb }.Select(Tsv),
        .. new[] { GlueTasks.Sst2, GlueTasks.Stsb }.Select(Parquet),
        new("parquet of other writers", CopyCases, ReadCases) { HoldsRefused = true },
        new("checksums", Downloads,
            folder => Source(Path.Combine(folder, "none"), Path.Combine(folder, "downloads")).Check(GlueTasks.Sst2, GlueSplit.Dev)),
        new("squad", folder => Text(folder, "dev-v2.0.json", Squad), folder => Tasks(folder).Squad(SquadVersion.V2, SquadSplit.Dev)),
        new("race", Race, folder => Tasks(folder).Race(Glue.Race.RaceSplit.Dev)),
        new("race archive", RaceArchive, folder => Tasks(folder).Race(Glue.Race.RaceSplit.Dev)),
        new("imdb", Imdb, folder => Source(folder, Path.Combine(folder, "none")).Load(GlueTasks.Imdb, GlueSplit.Train)),
        new("corpus", folder => Text(folder, "text.txt", Corpus), folder => CorpusText.Check(Path.Combine(folder, "text.txt"))),
        new("corpus, gzip", PackedCorpus, folder => CorpusText.Check(Path.Combine(folder, "text.txt.gz"))),
        new("word vectors", folder => Text(folder, "glove.txt", Vectors),
            folder => GloveVectors.Read(Path.Combine(folder, "glove.txt")).Nearest("fox", 3)),
        new("claims", folder => Lines(folder, "claims.csv", "results/patientkd/quick/claims.csv"),
            folder => ClaimsTable.Read(Path.Combine(folder, "claims.csv"))),
        new("published cells", folder => Lines(folder, "published.csv", "papers/TinyBERT/published.csv"), ReadPublished),
    ];

    private static string Corpus => string.Concat(Enumerable.Range(0, 12).Select(i => i % 4 == 3 ? "\n" : $"{Passage} {i}\n"));

    private static string Vectors => string.Concat(
        Passage.TrimEnd('.').Split(' ').Select((word, i) => FormattableString.Invariant($"{word} {0.1 * i} -0.5 1e-3 {i}\n")));

    private static string Squad => Json.Text(new
    {
        version = "v2.0",
        data = new[]
        {
            new
            {
                title = "Foxes",
                paragraphs = new[]
                {
                    new
                    {
                        context = Passage,
                        qas = new object[]
                        {
                            new { id = "q1", question = "What jumped?", is_impossible = false,
                                answers = new[] { new { text = "The quick brown fox", answer_start = 0 } } },
                            new { id = "q2", question = "What sat?", is_impossible = true, answers = Array.Empty<object>() },
                        },
                    },
                },
            },
        },
    });

    private static FuzzTarget Tsv(GlueTask task) => new(
        $"tsv of {task.Name}",
        folder => TsvSplitWriter.Write(task, Examples(task), Path.Combine(folder, task.Name, "train.tsv")),
        folder => Source(folder, Path.Combine(folder, "none")).Load(task, GlueSplit.Train));

    private static FuzzTarget Parquet(GlueTask task) => new(
        $"parquet of {task.Name}",
        folder => WriteParquet(task, GlueSplit.Train, Path.Combine(folder, task.Name, "train.parquet")),
        folder => Source(folder, Path.Combine(folder, "none")).Load(task, GlueSplit.Train));

    private static List<GlueExample> Examples(GlueTask task) => [.. Enumerable.Range(0, Rows).Select(i => new GlueExample(
        i, $"{Passage} {i}", task.IsPair ? $"A fox, {i} é." : null, task.IsRegression ? i * 0.75f : i % 2))];

    private static void WriteParquet(GlueTask task, GlueSplit split, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ParquetSplitWriter.Write(new GlueDataset(task, split, Examples(task), "", ""), path);
    }

    private static void Downloads(string folder)
    {
        WriteParquet(GlueTasks.Sst2, GlueSplit.Dev, Path.Combine(folder, "downloads", "glue", "sst2", "validation.parquet"));
        var file = Path.Combine(folder, "downloads", "glue", "sst2", "validation.parquet");
        Text(folder, "downloads/checksums.json",
            Json.Text(new Dictionary<string, string> { ["glue/sst2/validation.parquet"] = Digest.OfFile(file) }));
    }

    // Small files of other programs that lie beside the tests.
    private static void CopyCases(string folder)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryRoot.Find(), "shared", "Tests", "Cases"), "*.parquet")
            .Order(StringComparer.Ordinal))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    private static void ReadCases(string folder)
    {
        List<ReplicationException> refusals = [];
        foreach (var file in Directory.GetFiles(folder, "*.parquet"))
        {
            try
            {
                ParquetSplitReader.Read(GlueTasks.Sst2, GlueSplit.Train, [file]);
            }
            catch (ReplicationException e)
            {
                refusals.Add(e);
            }
        }
        if (refusals.Count > 0)
            throw refusals[0];
    }

    private static void Race(string folder)
    {
        foreach (var (name, text) in RaceFiles())
            Text(folder, name, text);
    }

    private static IEnumerable<(string Name, string Text)> RaceFiles() =>
        from level in new[] { "middle", "high" }
        select ($"RACE/dev/{level}/1.txt", Json.Text(new
        {
            article = Passage, id = $"{level}1.txt", questions = new[] { "What jumped?", "When _ ?" }, answers = new[] { "A", "D" },
            options = new[] { new[] { "A fox", "A dog", "A cat", "A car" }, ["1996", "1997", "1998", "1999"] },
        }));

    private static void RaceArchive(string folder)
    {
        using var file = File.Create(Path.Combine(folder, "RACE.tar.gz"));
        using var packed = new GZipStream(file, CompressionLevel.SmallestSize);
        using var tar = new TarWriter(packed);
        foreach (var (name, text) in RaceFiles())
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name) {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), ModificationTime = DateTimeOffset.UnixEpoch });
    }

    private static void Imdb(string folder)
    {
        foreach (var label in new[] { "neg", "pos" })
        {
            for (var number = 0; number < 2; number++)
                Text(folder, $"aclImdb/train/{label}/{number}_{number + 1}.txt", $"{Passage}<br /><br />{label}");
        }
    }

    private static void PackedCorpus(string folder)
    {
        using var file = File.Create(Path.Combine(folder, "text.txt.gz"));
        using var packed = new GZipStream(file, CompressionLevel.SmallestSize);
        packed.Write(Encoding.UTF8.GetBytes(Corpus));
    }

    private static void ReadPublished(string folder)
    {
        using var stream = File.OpenRead(Path.Combine(folder, "published.csv"));
        PublishedCells.Read(stream);
    }

    // The first lines of a file of the repository.
    private static void Lines(string folder, string name, string source) =>
        Text(folder, name, string.Concat(File.ReadLines(Path.Combine(RepositoryRoot.Find(), source)).Take(8).Select(line => line + "\n")));

    private static GlueSource Source(string named, string downloads)
    {
        Directory.CreateDirectory(named);
        return new GlueSource(new DataFolders([named], Path.Combine(named, "no embedded"), downloads) { Pins = Pins.None });
    }

    private static TaskSource Tasks(string folder) =>
        new(new DataFolders([folder], Path.Combine(folder, "no embedded"), Path.Combine(folder, "none")) { Pins = Pins.None });

    private static void Text(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
