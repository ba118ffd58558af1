using Replication.Runs;
using static TorchSharp.torch;

namespace Replication.Tests.Runs;

public class MachineInfoTests
{
    [Test]
    public void Collect_ThisMachine_FillsEveryField()
    {
        var info = MachineInfo.Collect(CPU, Processor.OfThisMachine(Environment.GetEnvironmentVariable));

        Assert.That(info.Processor, Is.Not.Empty);
        Assert.That(info.Processor, Is.EqualTo(info.Processor.Trim()).And.Not.Contains('\0'));
        Assert.That(info.Cores, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(info.MemoryBytes, Is.GreaterThan(1L << 28));
        Assert.That(new[] { info.OperatingSystem, info.DotNet, info.Device }, Has.None.Empty);
        Assert.That(info.Libtorch, Does.Match(@"^\d+\.\d+"));
    }

    [Test]
    public void RunEnvironment_Cpu_NamesDeviceAndThreads()
    {
        var environment = MachineInfo.RunEnvironment(CPU);

        Assert.That(environment.Device, Is.EqualTo("cpu"));
        Assert.That(environment.Threads, Is.EqualTo(get_num_threads()));
    }

    [Test]
    public void PeakMemory_AfterAnAllocation_HasGrownToHoldIt()
    {
        const int Size = 64 << 20;
        var held = new byte[Size];
        Array.Fill(held, (byte)1);

        Assert.That(PeakMemory.Bytes(), Is.GreaterThan(Size));
        GC.KeepAlive(held);
    }
}
