using System.Runtime.CompilerServices;

namespace Replication.Tests;

/// <summary>A test may use TorchSharp before anything of the project that lets it load.</summary>
internal static class LibTorchSetUp
{
    [ModuleInitializer]
    internal static void Register() => LibTorchLoader.EnsureRegistered();
}
