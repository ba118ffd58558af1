using System.IO.Compression;
using Replication.Runs;

namespace Replication.Tests.Runs;

public sealed class LedgerFileTests
{
    private RunBench _bench = null!;
    private TemporaryFolder _folder = null!;

    private string Packed => _folder.File(LedgerFile.Name);

    private string Plain => _folder.File(LedgerFile.PlainName);

    [SetUp]
    public void SetUp() => (_bench, _folder) = (new RunBench(), new TemporaryFolder());

    [TearDown]
    public void TearDown()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Write_EqualLines_GiveEqualBytesWithoutADate()
    {
        LedgerFile.Write(_folder.Path, LedgerFile.Bytes(["one", "two"]));
        var first = File.ReadAllBytes(Packed);
        File.Delete(Packed);
        LedgerFile.Write(_folder.Path, LedgerFile.Bytes(["one", "two"]));

        Assert.That(File.ReadAllBytes(Packed), Is.EqualTo(first));
        Assert.That(first[4..8], Is.All.EqualTo(0), "seconds since 1970");
        Assert.That(Lines(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void Write_LinesThatAreThere_LeavesWhatAnotherLibraryPacked()
    {
        var other = Gzip(LedgerFile.Bytes(["one", "one"]), CompressionLevel.NoCompression);
        File.WriteAllBytes(Packed, other);

        LedgerFile.Write(_folder.Path, LedgerFile.Bytes(["one", "one"]));
        Assert.That(File.ReadAllBytes(Packed), Is.EqualTo(other));

        LedgerFile.Write(_folder.Path, LedgerFile.Bytes(["one", "two"]));
        Assert.That(Lines(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void Read_NoLines_IsEmpty()
    {
        LedgerFile.Write(_folder.Path, LedgerFile.Bytes([]));

        Assert.That(File.ReadAllBytes(Packed), Has.Length.EqualTo(20), "a whole file");
        Assert.That(Lines(), Is.Empty);
    }

    [Test]
    public void Read_PackedFilesOneAfterTheOther_HasTheLinesOfBoth()
    {
        File.WriteAllBytes(Packed, [.. Gzip("one\n"u8), .. Gzip("two\n"u8)]);

        Assert.That(Lines(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void Read_FileThatWasCut_IsRefusedWhereverItEnds()
    {
        var whole = Gzip(Text);

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Packed, whole[..length]);
            Assert.That(() => Lines(), Refused, $"{length} of {whole.Length} bytes");
        }
    }

    private static IEnumerable<TestCaseData> Behind() =>
        from tail in ((string, Func<byte[], byte[]>)[])[
            ("a line's end", _ => "\n"u8.ToArray()), ("zeros", _ => new byte[512]), ("half a header", _ => [0x1f]),
            ("a header", whole => whole[..10]), ("its own end", whole => whole[^8..]), ("half of itself", whole => whole[..^1]),
            ("many bytes", _ => [.. Enumerable.Repeat((byte)7, 1 << 17)])]
        select new TestCaseData(tail.Item2).SetArgDisplayNames(tail.Item1);

    [TestCaseSource(nameof(Behind))]
    public void Read_SomethingBehindTheEnd_IsRefused(Func<byte[], byte[]> tail)
    {
        var whole = Gzip(LedgerFile.Bytes(["{}", "{}"]));
        File.WriteAllBytes(Packed, [.. whole, .. tail(whole)]);

        Assert.That(() => Ledger.Read(_folder.Path), Refused);
    }

    [Test]
    public void Read_AnyBitFlipped_IsRefusedOrHasTheSameLines()
    {
        var whole = Gzip(Text);
        File.WriteAllBytes(Packed, whole);
        var lines = Lines();

        var same = 0;
        for (var place = 0; place < whole.Length; place++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[place] ^= (byte)(1 << (place % 8));
            File.WriteAllBytes(Packed, damaged);
            try
            {
                Assert.That(Lines(), Is.EqualTo(lines), $"byte {place}");
                same++;
            }
            catch (ReplicationException e)
            {
                Assert.That(e.Message, Does.StartWith($"{Packed} is not a sound gzip file"), $"byte {place}");
            }
        }

        Assert.That(same, Is.InRange(6, 7), "the header's date, level and system, and what fills up the last byte of the block");
    }

    [Test]
    public void Read_TextWithThePackedName_IsRefused()
    {
        File.WriteAllText(Packed, "{\"schema\":1}\n");

        Assert.That(() => Ledger.Read(_folder.Path), Refused);
    }

    [Test]
    public void Read_MoreThanALedgerHolds_IsRefused()
    {
        var part = Gzip(new byte[1 << 20]);
        File.WriteAllBytes(Packed, [.. Enumerable.Repeat(part, (LedgerFile.MostBytes >> 20) + 1).SelectMany(bytes => bytes)]);

        Assert.That(() => Ledger.Read(_folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith($"{Packed} unpacks to more than 64 MiB, which no ledger does;"));
    }

    [Test]
    public void Bytes_MoreThanWouldBeRead_AreRefused() =>
        Assert.That(() => LedgerFile.Bytes([.. Enumerable.Repeat(new string('x', 1 << 20), 64)]),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("may have 64"));

    [Test]
    public void Add_FolderOfAVersionBefore_IsReadAndPacked()
    {
        Ledger.Write(_folder.Path, [Execute("a")]);
        Unpack();
        Assert.That(Variants(), Is.EqualTo(new[] { "Counting a" }));

        Ledger.Add(_folder.Path, [Execute("b")]);

        Assert.That(Variants(), Is.EqualTo(new[] { "Counting a", "Counting b" }));
        Assert.That((File.Exists(Packed), File.Exists(Plain)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Name_FolderOfAVersionBefore_IsPackedLineForLine()
    {
        Ledger.Write(_folder.Path, [Execute("a"), Execute("b")]);
        var packed = File.ReadAllBytes(Packed);
        Unpack();

        Ledger.Name(_folder.Path, Plan.Build([new CountingRun("a")]));

        Assert.That(File.ReadAllBytes(Packed), Is.EqualTo(packed));
        Assert.That(File.Exists(Plain), Is.False);
    }

    [Test]
    public void Add_PlainFileBesideThePacked_KeepsTheRunsOfBoth()
    {
        Ledger.Write(_folder.Path, [Execute("a"), Execute("b")]);
        Unpack();
        var older = File.ReadAllText(Plain);
        Ledger.Write(_folder.Path, [Execute("b") with { Identity = new RunIdentity("named anew", null, null) }, Execute("c")]);
        File.WriteAllText(Plain, older);

        Assert.That(Variants(), Is.EqualTo(new[] { "Counting a", "Counting c", "named anew" }), "the packed one goes before");
        Ledger.Add(_folder.Path, [Execute("d")]);

        Assert.That(Variants(), Is.EqualTo(new[] { "Counting a", "Counting c", "Counting d", "named anew" }));
        Assert.That(File.Exists(Plain), Is.False);
    }

    [Test]
    public void Write_KilledBetweenPackingAndRemoving_LosesNothingAndEndsTheSame()
    {
        Ledger.Write(_folder.Path, [Execute("a"), Execute("b")]);
        var packed = File.ReadAllBytes(Packed);
        Unpack();
        // What stands there at that moment.
        File.WriteAllBytes(Packed, packed);
        Assert.That(Variants(), Is.EqualTo(new[] { "Counting a", "Counting b" }));

        Ledger.Write(_folder.Path, [Execute("b")]);

        Assert.That(Variants(), Is.EqualTo(new[] { "Counting b" }));
        Assert.That(File.Exists(Plain), Is.False);
    }

    [Test]
    public void Write_ChangedRunInAFolderOfAVersionBefore_ChangesNothing()
    {
        var run = Execute("a");
        Ledger.Write(_folder.Path, [run]);
        Unpack();
        File.AppendAllText(Path.Combine(run.Run.Path, "metrics.jsonl"), "{\"step\":6,\"sum\":99}\n");

        Assert.That(() => Ledger.Write(_folder.Path, [run]), Throws.TypeOf<ReplicationException>());

        Assert.That((File.Exists(Packed), File.Exists(Plain)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Folders_PackedAndPlain_AreFoundOnceAndNoDeeper()
    {
        string[] files = ["b/runs.jsonl", "a/runs.jsonl.gz", "a/runs.jsonl", "c/runs.jsonl.gz.0123abcd.partial", "d/e/runs.jsonl"];
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllText(_folder.File(file), "");
        }

        Assert.That(Ledger.Folders(_folder.Path, depth: 1), Is.EqualTo(new[] { _folder.File("a"), _folder.File("b") }));
        Assert.That(Ledger.Folders(_folder.File("none"), depth: 1), Is.Empty);
    }

    private NUnit.Framework.Constraints.IResolveConstraint Refused => Throws.TypeOf<ReplicationException>().With.Message.StartsWith(
        $"{Packed} is not a sound gzip file, or was cut, or something follows its end;");

    // Some hundred bytes, packed.
    private static byte[] Text => LedgerFile.Bytes([.. Enumerable.Range(0, 40).Select(i => $"{{\"run\":{i * i % 97}}}")]);

    private IReadOnlyList<string> Lines() => LedgerFile.Read(_folder.Path).Single().Lines;

    private IEnumerable<string> Variants() =>
        Ledger.Read(_folder.Path).Runs.Select(run => run.Identity.Variant).Order(StringComparer.Ordinal);

    // As a version before left it.
    private void Unpack()
    {
        File.WriteAllLines(Plain, Lines());
        File.Delete(Packed);
    }

    private LedgerRun Execute(string name) =>
        new(new CountingRun(name).Identity(), _bench.Executor.Run(new CountingRun(name), CancellationToken.None));

    private static byte[] Gzip(ReadOnlySpan<byte> text, CompressionLevel level = CompressionLevel.SmallestSize)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(text);
        return packed.ToArray();
    }
}
