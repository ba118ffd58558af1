using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>evaluate: a model folder's scores on a task.</summary>
internal static class EvaluateVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("evaluate", "Score a model folder on a task's dev set.");
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
