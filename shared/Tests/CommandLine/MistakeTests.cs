using System.Runtime.InteropServices;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class MistakeTests
{
    [TestCase("plann", "Unknown word 'plann'. Did you mean 'plan'?")]
    [TestCase("fakepapr", "Did you mean 'fakepaper'?")]
    [TestCase("plan fakepapr", "Unknown paper 'fakepapr'; there are fakepaper. Did you mean 'fakepaper'?")]
    [TestCase("fakepaper --profil quick", "Unknown option '--profil' for 'fakepaper'. Did you mean '--profile'?")]
    [TestCase("plan --sed 3", "Unknown option '--sed' for 'plan'. Did you mean '--seeds'?")]
    [TestCase("--quite", "Unknown option '--quite'. Did you mean '--quiet'?")]
    [TestCase("fakepaper --profile qick",
        "--profile is 'qick'; it must be quick, small, paper, reference, evidence or released. Did you mean 'quick'?")]
    [TestCase("all --seeds 0", "--seeds is '0'; it must be a whole number from 1 to 100.")]
    [TestCase("all --seeds 1,5", "--seeds is '1,5'; it must be a whole number from 1 to 100.")]
    [TestCase("all --seeds", "--seeds needs a value: a whole number from 1 to 100.")]
    [TestCase("all --seeds 1 --seeds 2", "--seeds is given more than once.")]
    [TestCase("plan --tasks SST2,MRPC",
        "--tasks holds 'SST2'; it must be CoLA, SST-2, MRPC, STS-B, QQP, MNLI, QNLI, RTE or WNLI. Did you mean 'SST-2'?")]
    [TestCase("plan --device gpu", "--device is 'gpu'; it must be cpu or cuda.")]
    [TestCase("report --threads many", "--threads is 'many'; it must be a whole number from 1 to 1024.")]
    [TestCase("report --profile large", "--profile is 'large'; it must be quick, small, paper, reference, evidence or released.")]
    [TestCase("data fetc MRPC", "Unknown word 'fetc'. Did you mean 'fetch'?")]
    [TestCase("data fetch MRCP", "'MRCP' is neither a task nor a model")]
    [TestCase("data fetch", "data fetch needs name; 'data fetch --help' shows how.")]
    [TestCase("data --data /nowhere", "There is no folder /nowhere, given with --data; name one that holds GLUE's tasks.")]
    [TestCase("finetune --task SST-2", "finetune needs --model NAME|FOLDER and --output FOLDER; 'finetune --help' shows how.")]
    [TestCase("finetune --model m --output o --task SST-2 --learning-rate 0",
        "--learning-rate is '0'; it must be a number above 0 and below 1, such as 0.00005 or 5e-5.")]
    [TestCase("finetune --model m --output o --task SST-2 --learning-rate 2e-5,", "--learning-rate is '2e-5,'; it must be")]
    [TestCase("finetune --model m --output o --task SST-2 --max-length 3", "--max-length is '3'; it must be a whole number from 4 to 512.")]
    [TestCase("finetune --model m --output o --task SST-2 --precision fp16",
        "--precision is 'fp16'; it must be auto, fp32 or bf16. Did you mean 'bf16'?")]
    [TestCase("finetune --model m --output o --task SST3",
        "--task is 'SST3'; it must be CoLA, SST-2, MRPC, STS-B, QQP, MNLI, QNLI, RTE, WNLI, IMDb, RACE, SQuAD-1.1 or SQuAD-2.0.")]
    [TestCase("evaluate --model m", "evaluate needs --task TASK; 'evaluate --help' shows how.")]
    [TestCase("predict", "predict needs --model FOLDER; 'predict --help' shows how.")]
    [TestCase("predict hello --model m", "Unexpected word 'hello' after 'predict'; 'predict --help' shows what it takes.")]
    [TestCase("export fakepaper", "export needs --output FOLDER; 'export --help' shows how.")]
    [TestCase("export --output o", "Name a paper whose run is exported, or a model's folder with --model; 'export --help' shows how.")]
    [TestCase("export fakepaper --output o --width 0", "--width is '0'; it must be a number above 0.")]
    [TestCase("export fakepaper --output o --task SST-2 --width 0.5", "fakepaper trains no network with sub-networks")]
    [TestCase("choose fakepaper --task SST-2 --latency 20", "--latency is '20'; it must be a number above 0 in ms or s.")]
    [TestCase("choose fakepaper --task SST-2 --latency 20ms", "fakepaper trains no network with sub-networks to choose from")]
    [TestCase("augment", "augment needs --task TASK; 'augment --help' shows how.")]
    [TestCase("augment --task SST-2 --probability 1.5", "--probability is '1.5'; it must be a number from 0 to 1.")]
    [TestCase("augment --task SST-2 --output rows.csv", "--output is 'rows.csv'; it must be a file that ends in .parquet or .tsv.")]
    [TestCase("fetch --help", "Unknown word 'fetch'.")]
    [TestCase("help data fetc", "Unknown verb 'fetc'. Did you mean 'fetch'?")]
    [TestCase("finetune --task SST-2 --output o --model ", "--model is empty; it must be NAME|FOLDER.")]
    [TestCase("predict --model m --input ", "--input is empty; it must be FILE|-.")]
    [TestCase("evaluate --task SST-2 --model m --predictions ", "--predictions is empty; it must be FILE.")]
    [TestCase("help dta", "Unknown verb 'dta'. Did you mean 'data'?")]
    public void Run_Mistake_ExplainsItInOneLineAndExitsWith2(string words, string sentence)
    {
        using var session = new Session();

        var call = session.Run(words.Split(' '));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.StartWith("error: ").And.Contains(sentence));
        Assert.That(call.Error.TrimEnd('\n'), Does.Not.Contain("\n"));
        Assert.That(call.Output, Is.Empty);
    }

    [Test]
    public void Run_FileThatCannotBeUsed_IsNamed()
    {
        using var session = new Session();

        var call = session.Run("predict", "--model", Path.Combine(session.Root, "nothing"));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.StartWith("error: ").And.Contains(Path.Combine(session.Root, "nothing")).And.Not.Contains("   at "));
    }

    [Test]
    public void Run_UnforeseenError_KeepsTheDetailsInAFile()
    {
        using var session = new Session { Paper = new FakePaper { Reads = _ => throw new InvalidOperationException("a bug.\nmore") } };

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.EqualTo(70));
        Assert.That(call.Error.TrimEnd('\n'), Does.StartWith(
            "error: Something unforeseen went wrong (InvalidOperationException: a bug); the details are in ").And.Not.Contains("\n"));
        Assert.That(File.ReadAllText(Directory.GetFiles(session.Root, "replication-error-*").Single()),
            Does.Contain("arguments: fakepaper").And.Contains("   at "));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "there a file's rights are those of its folder")]
    public void Run_UnforeseenError_ItsFileIsNewAndItsOwnersAlone()
    {
        using var session = new Session { Paper = new FakePaper { Reads = _ => throw new InvalidOperationException("a bug") } };

        session.Run("fakepaper");
        session.Run("fakepaper");

        // The clock does not move, so that the names differ by what cannot be guessed.
        var files = Directory.GetFiles(session.Root, "replication-error-*");
        Assert.That(files.Select(Path.GetFileName).ToArray(),
            Has.Length.EqualTo(2).And.All.Match("^replication-error-[0-9]{8}-[0-9]{6}-[0-9a-f]{16}.txt$"));
        Assert.That(files.Select(file => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file)),
            Has.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static IEnumerable<TestCaseData> Shortages() =>
    [
        new TestCaseData(new OutOfMemoryException("Array dimensions exceeded.")).SetArgDisplayNames("managed"),
        new TestCaseData(
            new ExternalException(
            "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."))
            .SetArgDisplayNames("cpu"),
        new TestCaseData(new InvalidOperationException("", new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB.")))
            .SetArgDisplayNames("cuda"),
    ];

    [TestCaseSource(nameof(Shortages))]
    public void Run_OutOfMemory_AdvisesInOneSentence(Exception shortage)
    {
        using var session = new Session { Paper = new FakePaper { Reads = _ => throw shortage } };

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Match("^error: There is not enough memory \\(.*\\); end other programs, take a smaller .*\\.\n$"));
        Assert.That(Directory.GetFiles(session.Root, "replication-error-*"), Is.Empty);
    }

    [Test]
    public void Run_OutOfMemoryInAVerbWithABatchSize_AdvisesOnIt()
    {
        var host = new CommandLineHost { Output = TextWriter.Null, Error = TextWriter.Null, Input = Stream.Null };
        var advice = CommandLineApp.Saving(
            CommandLineApp.Parse(["finetune", "--model", "m", "--task", "SST-2", "--output", "o"], [], host));

        Assert.That(advice, Is.EqualTo("take a smaller --batch-size, --max-length or --rows, or end other programs"));
    }

    [Test]
    public void Run_FileThatCannotBeUsedAnywhere_IsNotUnforeseen()
    {
        using var session = new Session {
            Paper = new FakePaper { Reads = _ => throw new UnauthorizedAccessException("Access to the path '/x\u001b[0m' is denied.") } };

        var call = session.Run("fakepaper");

        Assert.That((call.Exit, call.Error),
            Is.EqualTo((1,
            "error: A file or folder cannot be used: Access to the path '/x\\x1b[0m' is denied; see its permissions and the disk's "
            + "space.\n")));
    }

    [Test]
    public void Run_UnforeseenErrorWithVerbose_ShowsTheTrace()
    {
        using var session = new Session { Paper = new FakePaper { Reads = _ => throw new InvalidOperationException("a bug") } };

        Assert.That(session.Run("fakepaper", "--verbose").Error, Does.Contain("   at "));
    }
}
