using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Replication.CommandLine;

/// <summary>The library's help page of a command, with examples below it.</summary>
internal sealed class HelpPage(HelpAction page, IReadOnlyDictionary<string, string[]> examples) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parse)
    {
        page.Invoke(parse);
        if (examples.TryGetValue(parse.CommandResult.Command.Name, out var lines))
        {
            var output = parse.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
                output.WriteLine($"  {line}");
            output.WriteLine();
        }
        return 0;
    }
}
