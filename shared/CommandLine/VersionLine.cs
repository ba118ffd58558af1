using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>--version: which program, source and libraries computed, in one line for a report of a fault.</summary>
/// <param name="root">The repository's root.</param>
internal sealed class VersionLine(Func<string> root) : SynchronousCommandLineAction
{
    // Git's sha1; what follows it says that the source differs.
    private const int HashLength = 40, ShortHash = 12;

    public override int Invoke(ParseResult parse)
    {
        var commit = SourceCommit.Read(root()) is { } hash ? $"commit {hash[..ShortHash]}{hash[HashLength..]}" : "no commit";
        parse.InvocationConfiguration.Output.WriteLine(
            $"reproduce {Of(typeof(VersionLine))} ({commit}), TorchSharp {Of(typeof(TorchSharp.torch))}, .NET {Environment.Version}");
        return 0;
    }

    // Without the commit that the compiler may append: it is said for itself.
    private static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
