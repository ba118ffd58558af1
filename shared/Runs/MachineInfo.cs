using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Runs;

/// <summary>The machine that measured, for the head of a report.</summary>
public sealed record MachineInfo
{
    /// <summary>The processor's name.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors that this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Bytes of main memory; a container's limit where there is one.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Operating system with its version.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>.NET runtime with its version.</summary>
    public required string DotNet { get; init; }

    /// <summary>libtorch's version.</summary>
    public required string Libtorch { get; init; }

    /// <summary>Name of the device that computes: the GPU's, or the processor's.</summary>
    public required string Device { get; init; }

    /// <summary>Instruction sets that decide how fast matrix products run, such as AVX-512.</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>Looks at this machine.</summary>
    /// <param name="device">Device that computes.</param>
    /// <param name="processor">The processor.</param>
    public static MachineInfo Collect(Device device, Processor processor) => new()
    {
        Processor = processor.Name,
        Cores = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        OperatingSystem = RuntimeInformation.OSDescription,
        DotNet = RuntimeInformation.FrameworkDescription,
        Libtorch = Runs.Libtorch.Version(),
        Device = device.type == DeviceType.CUDA ? CudaDriver.DeviceName(Math.Max(0, device.index)) ?? "CUDA device" : processor.Name,
        InstructionSets = processor.InstructionSets,
    };

    /// <summary>What of this machine is part of a run's key: another value may change the last bits of a result.</summary>
    /// <param name="device">Device that computes.</param>
    public static RunEnvironment RunEnvironment(Device device) => new(
        device.type.ToString().ToLowerInvariant(),
        get_num_threads(),
        Runs.Libtorch.Version());
}
