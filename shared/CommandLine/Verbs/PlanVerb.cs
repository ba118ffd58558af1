using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>plan [paper]: the graph of runs with its cost; runs nothing.</summary>
internal static class PlanVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var command = new Command("plan", "Show the runs, their order and their cost on this machine; run nothing.") { paper };
        new PaperOptions().AddTo(command);
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
