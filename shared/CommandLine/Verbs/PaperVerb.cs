using System.CommandLine;
using Replication.Papers;

namespace Replication.CommandLine.Verbs;

/// <summary>A paper's name: plan, run, keep the evidence, write the report, show the verdicts.</summary>
internal static class PaperVerb
{
    public static Command Create(VerbContext context, IPaper paper) => Create(context, [paper], new Command(paper.Name, $"Replicate {paper.Title}."));

    public static Command CreateAll(VerbContext context) => Create(context, context.Papers, new Command("all", "Replicate every paper."));

    private static Command Create(VerbContext context, IReadOnlyList<IPaper> papers, Command command)
    {
        var options = new PaperOptions();
        options.AddTo(command);
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
