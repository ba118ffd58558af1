using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>What the host has made, as a tensor of the device that computes.</summary>
public static class DeviceTensors
{
    /// <summary>
    /// Moves a tensor to its device. To a GPU it goes from pinned memory, so that the host need not wait for the copy and makes the next
    /// batch meanwhile; CUDA keeps that memory until the copy is done.
    /// </summary>
    /// <param name="values">On the CPU; used up.</param>
    /// <param name="device">The device.</param>
    public static Tensor MovedTo(this Tensor values, Device device)
    {
        if (device.type != DeviceType.CUDA)
            return values;
        using (values)
        {
            using var pinned = values.pin_memory();
            return pinned.to(device, non_blocking: true);
        }
    }
}
