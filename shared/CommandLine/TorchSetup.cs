using Replication.Runs;
using TorchSharp;

namespace Replication.CommandLine;

/// <summary>Sets libtorch up for one call of the program.</summary>
internal static class TorchSetup
{
    /// <summary>Chooses threads and checks the device.</summary>
    /// <param name="device">cpu or cuda.</param>
    /// <param name="threads">Threads of one operation; null for one per core.</param>
    /// <returns>The part of the environment that decides a run's bits.</returns>
    /// <exception cref="ReplicationException">libtorch does not load here, or has no such device.</exception>
    public static RunEnvironment Prepare(string device, int? threads)
    {
        try
        {
            Libtorch.Load(Environment.GetEnvironmentVariable(Libtorch.Variable), AppContext.BaseDirectory);
            torch.set_num_threads(threads ?? Environment.ProcessorCount);
            // Operations run one after the other; a second pool would only compete with the first. It can be set once a process.
            if (torch.get_num_interop_threads() != 1)
                torch.set_num_interop_threads(1);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException
            or NotSupportedException)
        {
            throw new ReplicationException(
                $"libtorch does not load on this machine ({(e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.')}); build again, "
                + $"and see 'What it needs' in README.md.", inner: e);
        }
        // Asking for a CUDA device where there is none throws, so availability comes first.
        if (device == "cuda" && !torch.cuda.is_available())
            throw new ReplicationException(
                "--device is cuda, but libtorch finds no CUDA device: it was built for the CPU, or no NVIDIA driver is there; leave "
                + "the option out to compute on the CPU.");
        return MachineInfo.RunEnvironment(new torch.Device(device));
    }
}
