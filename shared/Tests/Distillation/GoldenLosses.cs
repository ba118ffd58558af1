using System.Text.Json;
using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests;

/// <summary>Inputs and values of each loss, as PyTorch computed them (losses.safetensors, losses.json).</summary>
public static class GoldenLosses
{
    /// <summary>The value of a loss.</summary>
    public static double Value(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.Require("losses.json")));
        return document.RootElement.GetProperty(name).GetDouble();
    }

    /// <summary>Fails unless a loss is the reference's: 1e-4 absolute, 1e-5 relative where it is large.</summary>
    public static void AssertClose(double loss, string name)
    {
        var expected = Value(name);
        Assert.That(loss, Is.EqualTo(expected).Within(Math.Max(1e-4, 1e-5 * Math.Abs(expected))), name);
    }

    /// <summary>An input of the losses.</summary>
    public static Tensor Input(string name)
    {
        using var file = SafetensorsFile.Open(GoldenFiles.Require("losses.safetensors"));
        return file.Read(name);
    }
}
