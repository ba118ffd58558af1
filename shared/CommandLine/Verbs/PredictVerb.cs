using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>predict: a model folder on lines of text.</summary>
internal static class PredictVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("predict", "Label lines of text with a model folder.");
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
