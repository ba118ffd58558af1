using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>export: the model folder of a finished run.</summary>
internal static class ExportVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("export", "Copy a trained model out of a finished run.");
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
