using System.IO.Pipes;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

/// <summary>Standard streams that are closed or full, which are told before the work.</summary>
public sealed class StandardStreamsTests
{
    [TestCase("plan", "fakepaper")]
    [TestCase("fakepaper")]
    [TestCase("predict", "--model", "nowhere")]
    [TestCase("--version")]
    public void Run_StandardOutputThatCannotBeWritten_IsToldBeforeTheWork(params string[] words)
    {
        using var session = new Session
        {
            TryOutput = () => throw StandardStreams.CannotWrite(new IOException("No space left on device")),
            Paper = new FakePaper { Reads = _ => throw new InvalidOperationException("work was begun") },
        };

        var call = session.Run(words);

        Assert.That((call.Exit, call.Error, session.Calibrations), Is.EqualTo(
            (1, "error: Cannot write standard output: No space left on device; send it elsewhere, or make room.\n", 0)));
    }

    [Test]
    public void Predict_StandardInputIsClosed_SaysSoBeforeItReadsTheModel()
    {
        var closed = new MemoryStream();
        closed.Dispose();
        using var session = new Session { Stream = closed };

        var call = session.Run("predict", "--model", "nowhere");

        Assert.That((call.Exit, call.Error), Is.EqualTo(
            (1, "error: Standard input is closed; name a file with --input, or send lines to standard input.\n")));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "the device that is always full is Linux's")]
    public void TryOutput_OfADeviceThatIsFull_Refuses()
    {
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var empty = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        Assert.That(() => StandardStreams.TryOutput((int)full.DangerousGetHandle()),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith("Cannot write standard output: ").And.Message.EndsWith(
                "; send it elsewhere, or make room."));
        Assert.That(() => StandardStreams.TryOutput((int)empty.DangerousGetHandle()), Throws.Nothing);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "there a program is started with handles")]
    public void HasReader_OfAPipe_EndsWithItsReader()
    {
        using var read = new AnonymousPipeServerStream(PipeDirection.In);
        using var write = new AnonymousPipeClientStream(PipeDirection.Out, read.ClientSafePipeHandle);
        bool HasReader() => StandardDescriptors.HasReader((int)write.SafePipeHandle.DangerousGetHandle());

        var before = HasReader();
        read.Dispose();

        Assert.That((before, HasReader()), Is.EqualTo((true, false)));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "there a program is started with handles")]
    public void TryOutput_OfAFile_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.OpenHandle(folder.File("results.txt"), FileMode.CreateNew, FileAccess.Write))
            StandardStreams.TryOutput((int)file.DangerousGetHandle());

        Assert.That(new FileInfo(folder.File("results.txt")).Length, Is.Zero);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "there a program is started with handles")]
    public void IsClosed_OfWhatTheProgramOpenedItself_IsTrue()
    {
        using var folder = new TemporaryFolder();
        using var file = File.OpenHandle(folder.File("own.txt"), FileMode.CreateNew, FileAccess.Write);

        Assert.That(StandardDescriptors.IsClosed((int)file.DangerousGetHandle()), Is.True);
        Assert.That(StandardDescriptors.IsClosed(int.MaxValue), Is.True);
    }

    [TestCase(1000, 0, true)]
    [TestCase(1000, 1, false)]
    [TestCase(0, 0, false)]
    public void IsFull_OfADisk_AsksForItsSizeToo(long size, long free, bool full) =>
        Assert.That(StandardDescriptors.IsFull(size, free), Is.EqualTo(full));
}
