using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>report [paper]: tables, figures and claims again, from the evidence under results/ alone.</summary>
internal static class ReportVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var command = new Command("report", "Make tables, figures and claims again from the runs already there.") { paper };
        new PaperOptions().AddTo(command);
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
