using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>The library's help page of a command; below it the tasks and models that its options take, and examples.</summary>
internal sealed class HelpPage(HelpAction page, IReadOnlyDictionary<string, string[]> examples) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parse)
    {
        page.Invoke(parse);
        Known(parse.CommandResult.Command, parse.InvocationConfiguration.Output);
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

    private static void Known(Command command, TextWriter output)
    {
        if (command.Options.FirstOrDefault(option => option.Name is "--task" or "--tasks") is { } tasks)
        {
            output.WriteLine("Tasks:");
            var names = tasks.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(task => task.Label);
            output.WriteLine($"  {string.Join(", ", names)}");
            output.WriteLine();
        }
        if (!command.Options.Any(option => option is { Name: "--model" or "--teacher", HelpName: SharedOptions.ModelName }))
            return;
        output.WriteLine("Models by name ('./reproduce.ps1 data' says which are here):");
        foreach (var model in ModelCatalog.Known.Where(model => model.Geometry is null))
            output.WriteLine($"  {model.Name,-20} {model.Description}");
        output.WriteLine();
    }
}
