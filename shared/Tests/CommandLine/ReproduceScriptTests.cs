using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

using System.Runtime.Versioning;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

/// <summary>Both halves of reproduce.ps1 against a stand-in for dotnet that writes down what it was asked.</summary>
[TestFixture("sh")]
[TestFixture("bash")]
[TestFixture("powershell")]
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "the stand-in for dotnet is a shell script")]
public sealed class ReproduceScriptTests(string shell)
{
    private readonly Dictionary<string, string> _variables = [];
    private string _folder = "";
    private string _script = "";

    [SetUp]
    public void CopyScript()
    {
        _variables.Clear();
        _folder = Directory.CreateTempSubdirectory("a checkout ").FullName;
        foreach (var source in (string[])["shared/Bert", "papers/All/obj", "bin"])
            Directory.CreateDirectory(Path.Combine(_folder, source));
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), "");
        File.WriteAllText(Path.Combine(_folder, "shared/Bert/Model.cs"), "");
        _script = Path.Combine(_folder, "reproduce.ps1");
        File.Copy(Path.Combine(RepositoryRoot.Find(), "reproduce.ps1"), _script);
        var dotnet = Path.Combine(_folder, "bin", "dotnet");
        File.WriteAllText(dotnet, $$"""
            #!/bin/sh
            case $1 in
                --list-sdks) cat '{{_folder}}/sdks' ;;
                build)
                    echo "$@" >> '{{_folder}}/calls'
                    [ ! -f '{{_folder}}/slow' ] || sleep 2
                    [ ! -f '{{_folder}}/broken' ] || { echo 'Model.cs(1,1): error'; exit 1; }
                    case $* in
                        *Device=cuda*) out=bin/cuda/Release/net10.0 ;;
                        *Device=own*) out=bin/own/Release/net10.0 ;;
                        *) out=bin/Release/net10.0 ;;
                    esac
                    mkdir -p '{{_folder}}/papers/All/'$out
                    : > '{{_folder}}/papers/All/'$out/reproduce.dll ;;
                *)
                    echo "run $(basename "$1")" >> '{{_folder}}/calls'
                    echo "${GLIBC_TUNABLES-}" > '{{_folder}}/pages'
                    shift
                    [ "$1" != wait ] || { trap 'exit 130' INT; : > '{{_folder}}/waiting'; while :; do sleep 0.05; done; }
                    for argument do echo "[$argument]"; done
                    exit 7 ;;
            esac
            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_folder, "sdks"), "8.0.100 [/usr/share]\n10.0.100 [/usr/share]\n");
        Age();
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Run_FirstCall_BuildsAndPassesArgumentsAndExitCode()
    {
        var (exit, output, _) = Run("finetune", "--output", "two words", "");

        Assert.That(exit, Is.EqualTo(7));
        Assert.That(output, Is.EqualTo(new[] { "[finetune]", "[--output]", "[two words]", "[]" }));
        Assert.That(Calls()[0], Does.StartWith("build").And.Contains("papers/All/All.csproj -c Release -p:Device=cpu"));
        Assert.That(Calls()[1], Is.EqualTo("run reproduce.dll"));
    }

    [Test]
    public void Run_NothingChanged_DoesNotBuildAgain()
    {
        Run("data");
        Run("data");

        Assert.That(Calls().Count(c => c.StartsWith("build", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void Run_SourceChangedOrRemoved_BuildsAgain()
    {
        Run("data");
        Age();
        File.WriteAllText(Path.Combine(_folder, "shared/Bert/Model.cs"), "changed");
        Run("data");
        Age();
        File.Delete(Path.Combine(_folder, "shared/Bert/Model.cs"));
        Run("data");

        Assert.That(Calls().Count(c => c.StartsWith("build", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [TestCase("--device", "cuda")]
    [TestCase("--device=cuda")]
    public void Run_DeviceCuda_BuildsForCuda(params string[] device)
    {
        File.WriteAllText(Path.Combine(_folder, "bin", "nvidia-smi"), "#!/bin/sh\n");
        File.SetUnixFileMode(
            Path.Combine(_folder, "bin", "nvidia-smi"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var (_, _, error) = Run(["patientkd", .. device]);

        Assert.That(Calls()[0], Does.Contain("-p:Device=cuda"));
        Assert.That(error[0], Does.Contain("about 3 GB to download"));
    }

    [Test]
    public void Run_LibtorchNamed_BuildsWithoutOne()
    {
        var library = Directory.CreateDirectory(Path.Combine(_folder, "torch", "lib")).FullName;
        File.WriteAllText(Path.Combine(library, "libtorch_cpu.so"), "");
        _variables["REPLICATION_LIBTORCH"] = library;

        Run("data");

        Assert.That(Calls()[0], Does.Contain("-p:Device=own"));
    }

    [Test]
    public void Run_LibtorchNamedThatIsNone_SaysSoBeforeItBuilds()
    {
        _variables["REPLICATION_LIBTORCH"] = "/nowhere";

        var (exit, _, error) = Run("data");

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error.Single(), Does.StartWith("error: REPLICATION_LIBTORCH is /nowhere, which has no libtorch_cpu; name the folder"));
        Assert.That(File.Exists(Path.Combine(_folder, "calls")), Is.False);
    }

    [Test]
    public void Run_OnLinux_AsksForHugePagesUnlessSomebodyElseChose()
    {
        Run("data");
        var asked = Pages();
        _variables["GLIBC_TUNABLES"] = "";
        Run("data");

        Assert.That((asked, Pages()), Is.EqualTo(("glibc.malloc.hugetlb=1", "")));

        string Pages() => File.ReadAllText(Path.Combine(_folder, "pages")).Trim();
    }

    [TestCase("--device", "cuda")]
    [TestCase("--device=cuda")]
    public void Run_DeviceCudaWithoutDriver_SaysSoBeforeItBuilds(params string[] device)
    {
        if (File.Exists("/proc/driver/nvidia/version") || File.Exists("/usr/lib/wsl/lib/libcuda.so.1"))
            Assert.Ignore("This machine has an NVIDIA driver.");

        var (exit, _, error) = Run(["patientkd", .. device]);

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1).And.All.StartWith("error: --device is cuda, but no NVIDIA driver is here"));
        Assert.That(File.Exists(Path.Combine(_folder, "calls")), Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Run_ThroughLinks_FindsItsRepository(bool isRelative)
    {
        using var other = new TemporaryFolder();
        var script = Path.Combine(_folder, "reproduce.ps1");
        File.CreateSymbolicLink(other.File("first.ps1"), isRelative ? Path.GetRelativePath(other.Path, script) : script);
        File.CreateSymbolicLink(other.File("second.ps1"), "first.ps1");
        _script = other.File("second.ps1");

        var (exit, output, _) = Run("data");

        Assert.That((exit, output), Is.EqualTo((7, new[] { "[data]" })));
    }

    [Test]
    public void Run_ACopyElsewhere_SaysThatTheRestIsMissing()
    {
        using var other = new TemporaryFolder();
        _script = other.File("reproduce.ps1");
        File.Copy(Path.Combine(_folder, "reproduce.ps1"), _script);

        var (exit, _, error) = Run("data");

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1).And.All.Contains("without the rest of its repository"));
    }

    [Test]
    public void Run_NoTemporaryFolder_SaysSoInOneSentence()
    {
        if (shell == "powershell")
            Assert.Ignore("PowerShell's half needs none.");
        var start = Start("data");
        start.Environment["TMPDIR"] = Path.Combine(_folder, "nowhere");
        using var process = Process.Start(start)!;
        var error = Lines(process.StandardError.ReadToEnd());
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1).And.All.Contains($"no temporary folder can be made in {_folder}/nowhere"));
    }

    [Test]
    public void Run_NoDotnet10_SaysSoInOneSentence()
    {
        File.WriteAllText(Path.Combine(_folder, "sdks"), "8.0.100 [/usr/share]\n");

        var (exit, _, error) = Run("data");

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1).And.All.StartWith("error: the .NET 10 SDK is needed"));
    }

    [Test]
    public void Run_BuildFails_ShowsItsMessagesAndRunsNothing()
    {
        File.WriteAllText(Path.Combine(_folder, "broken"), "");

        var (exit, _, error) = Run("data");

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("Model.cs(1,1): error").And.Contains("error: the build failed; its messages are above."));
        Assert.That(Calls(), Has.Length.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Run_SlowBuildOnATerminal_ShowsThatItGoesOnAndTakesTheClockAway(bool isBroken)
    {
        File.WriteAllText(Path.Combine(_folder, "slow"), "");
        if (isBroken)
            File.WriteAllText(Path.Combine(_folder, "broken"), "");
        _variables["REPLICATION_TERMINAL"] = "1";

        var (exit, _, error) = Run("data");

        Assert.That(exit, Is.EqualTo(isBroken ? 1 : 7));
        var shown = string.Join('\n', error);
        Assert.That(shown, Does.Contain("\rBuilding, 0 s ").And.Match("\rBuilding, [12] s .*\r\u001b\\[K"));
        Assert.That(shown[shown.LastIndexOf("\u001b[K", StringComparison.Ordinal)..],
            isBroken ? Does.Contain("Model.cs(1,1): error") : Is.EqualTo("\u001b[K"));
    }

    [Test]
    public void Run_SlowBuildInAPipe_ShowsNoClock()
    {
        File.WriteAllText(Path.Combine(_folder, "slow"), "");

        Assert.That(Run("data").Error, Is.EqualTo((string[])["Building; the first time this takes a few minutes."]));
    }

    [Test]
    public void Run_Interrupted_TheProgramHearsOfIt()
    {
        if (shell == "powershell")
            Assert.Ignore("The hosted engine has no terminal to interrupt it from.");
        var start = Start("wait");
        if (OperatingSystem.IsLinux())
        {
            // Tests that run in the background of a shell inherit that SIGINT is ignored; a terminal's programs do not.
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, "--default-signal=INT");
            start.FileName = "/usr/bin/env";
        }
        using var process = Process.Start(start)!;
        Assert.That(() => File.Exists(Path.Combine(_folder, "waiting")), Is.True.After(10_000, 20));

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();

        Assert.That(process.WaitForExit(10_000), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    // Makes all that is there older than the last build, so that a change is seen whatever the clock's grain.
    private void Age()
    {
        var past = DateTime.UtcNow.AddMinutes(-5);
        foreach (var entry in Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories))
        {
            if (entry.EndsWith(".built", StringComparison.Ordinal))
                File.SetLastWriteTimeUtc(entry, past.AddMinutes(1));
            else if (File.Exists(entry))
                File.SetLastWriteTimeUtc(entry, past);
            else
                Directory.SetLastWriteTimeUtc(entry, past);
        }
    }

    private string[] Calls() => File.ReadAllLines(Path.Combine(_folder, "calls"));

    private (int Exit, string[] Output, string[] Error) Run(params string[] arguments) =>
        shell == "powershell" ? RunHosted(arguments) : RunProcess(arguments);

    private string SearchPath => Path.Combine(_folder, "bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");

    private (int, string[], string[]) RunProcess(string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, Lines(output), Lines(error.Result));
    }

    private ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, [_script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
            // A shell warns of a language that is not installed.
            Environment = { ["PATH"] = SearchPath, ["LC_ALL"] = "C" },
        };
        foreach (var (name, value) in _variables)
            start.Environment[name] = value;
        return start;
    }

    private (int, string[], string[]) RunHosted(string[] arguments)
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        var console = Console.Error;
        using var error = new StringWriter();
        try
        {
            Environment.SetEnvironmentVariable("PATH", SearchPath);
            foreach (var (name, value) in _variables)
                Environment.SetEnvironmentVariable(name, value);
            Console.SetError(error);
            using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
            runspace.Open();
            using var powershell = PowerShell.Create(runspace);
            // The engine alone has no Write-Output; an installed PowerShell does.
            powershell.AddScript("function Write-Output { }").Invoke();
            powershell.Commands.Clear();
            powershell.AddScript("param($script, $arguments) & $script @arguments")
                .AddParameter("script", _script).AddParameter("arguments", arguments);
            var output = powershell.Invoke().Select(o => o.ToString()).ToArray();
            var exit = (int)runspace.SessionStateProxy.GetVariable("LASTEXITCODE");
            return (exit, output, Lines(error.ToString()));
        }
        finally
        {
            Console.SetError(console);
            Environment.SetEnvironmentVariable("PATH", path);
            foreach (var name in _variables.Keys)
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
