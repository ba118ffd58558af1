using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>finetune: one model on one task's labels.</summary>
internal static class FineTuneVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("finetune", "Fine-tune a model on a task.");
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
