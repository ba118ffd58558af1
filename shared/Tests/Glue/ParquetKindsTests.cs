using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Replication.Glue;

namespace Replication.Tests.Glue;

/// <summary>The types in which people store labels and texts, and files that are not what they say.</summary>
public sealed class ParquetKindsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly float?[] Labels = [1, 0, 1];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private string File => _folder.File("SST-2/validation.parquet");

    private IReadOnlyList<GlueExample> Load() =>
        new GlueSource(DataFolders.Of(_folder.Path, _folder.Path)).Load(GlueTasks.Sst2, GlueSplit.Dev).Examples;

    private IReadOnlyList<GlueExample> LoadOwn(string file)
    {
        System.IO.File.Copy(CaseFiles.Own(file), _folder.Write("SST-2/validation.parquet", ""), overwrite: true);
        return Load();
    }

    private static readonly DataField<string> Sentence = new("sentence");

    private void Write<T>(T[] labels, DataField? field = null) where T : struct =>
        Write([Sentence, field ??= new DataField<T>("label")], async group =>
        {
            await group.WriteAsync(Sentence, (string[])["naïve", "", "映画 😀"]);
            await group.WriteAsync<T>(field, labels);
        });

    private void Write(Field[] fields, Func<ParquetRowGroupWriter, Task> rows)
    {
        _folder.Write("SST-2/placeholder", "");
        using var stream = System.IO.File.Create(File);
        Write(new ParquetSchema(fields), stream, rows).GetAwaiter().GetResult();
    }

    private static async Task Write(ParquetSchema schema, Stream stream, Func<ParquetRowGroupWriter, Task> rows)
    {
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        using var group = writer.CreateRowGroup();
        await rows(group);
    }

    private void AssertRows() =>
        Assert.That(Load(), Is.EqualTo(new GlueExample[] { new(0, "naïve", null, 1), new(1, "", null, 0), new(2, "映画 😀", null, 1) }));

    [Test]
    public void Load_LabelsOfEveryNumber_AreRead()
    {
        T[] Numbers<T>(Func<float, T> convert) => Array.ConvertAll(Labels, label => convert(label!.Value));
        Action[] writes =
        [
            () => Write(Numbers(v => v > 0)), () => Write(Numbers(v => (sbyte)v)), () => Write(Numbers(v => (byte)v)),
            () => Write(Numbers(v => (short)v)),
            () => Write(Numbers(v => (ushort)v)), () => Write(Numbers(v => (int)v)), () => Write(Numbers(v => (uint)v)),
            () => Write(Numbers(v => (long)v)),
            () => Write(Numbers(v => (ulong)v)), () => Write(Numbers(v => v)), () => Write(Numbers(v => (double)v)),
            () => Write(Numbers(v => (decimal)v), new DecimalDataField("label", 9, 2)),
            () => Write(Numbers(v => (decimal)v), new DecimalDataField("label", 28, 0)),
        ];
        foreach (var write in writes)
        {
            write();
            AssertRows();
        }
    }

    [TestCase("1", "0", "1")]
    [TestCase("positive", "negative", "positive")]
    public void Load_LabelsThatAreText_AreRead(params string[] labels)
    {
        var label = new DataField<string>("label");
        Write([Sentence, label], async group =>
        {
            await group.WriteAsync(Sentence, (string[])["naïve", "", "映画 😀"]);
            await group.WriteAsync(label, labels);
        });
        AssertRows();
    }

    [Test]
    public void Load_ColumnOfATypeThatIsNoLabel_IsNamedWithIt()
    {
        Write([DateTime.UnixEpoch, DateTime.UnixEpoch, DateTime.UnixEpoch]);
        Assert.That(Load, Throws.TypeOf<ReplicationException>().With.Message.Contains("column label: its type is INT96"));
    }

    [Test]
    public void Load_StructWithColumnsOfTheSameNames_IsPassedOver()
    {
        var halves = LoadOwn("half.parquet");
        Assert.That(halves, Has.Count.EqualTo(600));
        Assert.That(LoadOwn("struct.parquet"), Is.EqualTo(halves));
    }

    [Test]
    public void Load_SentenceThatIsAList_IsNamed()
    {
        DataField sentence = new DataField<int[]>("sentence"), label = new DataField<int>("label");
        Write([sentence, label], async group =>
        {
            await group.WriteAsync<int>(sentence, (int[])[1], new int[] { 0 });
            await group.WriteAsync<int>(label, (int[])[0]);
        });
        Assert.That(Load, Throws.TypeOf<ReplicationException>().With.Message.Contains("column sentence: it is a list"));
    }

    [Test]
    public void Load_PageHeaderThatCountsMoreThanThereIs_IsRefused() => AssertEnds(
        () => Assert.That(
            () => LoadOwn("damaged.parquet"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("validation.parquet cannot be read as Parquet")), "damaged");

    [Test]
    public void Load_TextThatIsNoUtf8_IsRefusedWithItsRow()
    {
        DataField sentence = new DataField<byte[]>("sentence"), label = new DataField<int>("label");
        Write([sentence, label], async group =>
        {
            await group.WriteAsync(sentence, (byte[][])["good"u8.ToArray(), [0x61, 0xEF]]);
            await group.WriteAsync<int>(label, (int[])[0, 1]);
        });
        Assert.That(Load, Throws.TypeOf<ReplicationException>().With.Message.Contains("row 2, column sentence, byte 2: not UTF-8"));
    }

    [Test]
    public void Load_AnyByteOfTheDescriptionsDamaged_EndsSoonAndSaysSoInItsOwnWords()
    {
        Write([1L, 0L, 1L]);
        var whole = System.IO.File.ReadAllBytes(File);
        var said = new HashSet<string>(StringComparer.Ordinal);
        for (var place = 0; place < whole.Length; place++)
        {
            foreach (var value in (byte[])[0xFF, 0x80, 0x15, (byte)(whole[place] ^ 0x40)])
            {
                byte[] damaged = [.. whole];
                damaged[place] = value;
                System.IO.File.WriteAllBytes(File, damaged);
                if (AssertEnds(() => Load(), $"byte {place} is {value}") is { } refusal)
                    said.Add(refusal);
            }
        }
        // .NET's own sentences begin with a capital letter.
        Assert.That(said, Has.All.Not.Match(@"cannot be read as Parquet \((column \w+, row group \d+: )?[A-Z]"));
        Assert.That(said, Has.Some.Contains("(column sentence, row group 1: ").And.Some.Contains("(column label, row group 1: "));
    }

    // Many bytes do not matter, so both reading and refusing, with what is given, are right.
    private static string? AssertEnds(Action read, string what)
    {
        var work = Task.Run(() =>
        {
            try
            {
                read();
                return null;
            }
            catch (ReplicationException e)
            {
                return e.Message;
            }
        });
        Assert.That(work.Wait(Patience), Is.True, what);
        return work.Result;
    }

    [TestCase("tsv", 600)]
    [TestCase("duck-struct", 600)]
    [TestCase("duck-tinyint", 600)]
    [TestCase("duck-bool", 600)]
    [TestCase("rs-int16", 600)]
    [TestCase("rs-float16", 600)]
    [TestCase("duck-decimal", 600)]
    [TestCase("duck-varchar", 600)]
    [TestCase("rs-dict", 600)]
    [TestCase("duck-hidden", null)]
    [Category("Cases")]
    public void Load_Case_HoldsTheRowsOrIsRefusedWithTheRow(string name, int? rows)
    {
        var source = new GlueSource(DataFolders.Of(GlueFiles.Root, CaseFiles.Require($"parquet/{name}")));
        if (rows is null)
        {
            Assert.That(() => source.Load(GlueTasks.Sst2, GlueSplit.Dev),
                Throws.TypeOf<ReplicationException>().With.Message.Contains("row 1, column label: -1"));
            return;
        }
        using var expected = JsonDocument.Parse(System.IO.File.ReadAllText(CaseFiles.Require("parquet/rows.json")));
        Assert.That(
            source.Load(GlueTasks.Sst2, GlueSplit.Dev).Examples.Select(e => (e.Sentence1, (long)e.Label!)),
            Is.EqualTo(expected.RootElement.EnumerateArray().Select(row => (row[0].GetString(), row[1].GetInt64()))));
    }

    [Test]
    [Category("Cases")]
    public void Load_CaseThatHung_IsRefused()
    {
        System.IO.File.Copy(CaseFiles.Require("parquet/hang/train.parquet"), _folder.Write("SST-2/train.parquet", ""), overwrite: true);
        var source = new GlueSource(DataFolders.Of(_folder.Path, _folder.Path));
        AssertEnds(() => source.Load(GlueTasks.Sst2, GlueSplit.Train), "hang");
        Assert.That(() => source.Load(GlueTasks.Sst2, GlueSplit.Train),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("train.parquet cannot be read as Parquet"));
    }
}
