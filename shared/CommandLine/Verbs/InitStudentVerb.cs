using System.CommandLine;
using Replication.Bert.Distil;

namespace Replication.CommandLine.Verbs;

/// <summary>init-student: a DistilBERT of half the depth whose first weights are a BERT's; nothing is trained.</summary>
internal static class InitStudentVerb
{
    private static readonly (string Word, StudentStart Start)[] Starts =
    [
        ("every-second", StudentStart.EverySecond), ("official-code", StudentStart.OfficialCode), ("random", StudentStart.Random),
    ];

    public static Command Create(VerbContext context, string verb)
    {
        var model = SharedOptions.Model("Pretrained BERT with its prediction head: a name or a folder.", SharedOptions.ModelName);
        var output = new Option<string>("--output") { Description = "Folder for the DistilBERT.", HelpName = "FOLDER", Required = true };
        var start = OptionFactory.Choice(
            "--start", $"Layers it takes (default: {Starts[0].Word}, as the paper says).", [.. Starts.Select(s => s.Word)]);
        var seed = OptionFactory.Integer("--seed", "Seed of weights that are not the model's (default: 1).", 0, int.MaxValue);
        var command =
            new Command(verb, "Make a DistilBERT of half the depth out of a BERT; trains nothing.") { model, output, start, seed };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var target = ModelCopy.Target(parse.GetRequiredValue(output));
            var workspace = context.OpenWorkspace(parse);
            workspace.Models.Check(parse.GetRequiredValue(model));
            var source = workspace.Models.Folder(parse.GetRequiredValue(model));
            if (Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)) == target)
                throw new ReplicationException(
                    $"--output is {target}, which is the model itself; name another folder.", ReplicationException.UsageError);
            var chosen = parse.GetValue(start) is { } word ? Starts.First(s => s.Word == word).Start : Starts[0].Start;
            DistilStudent.Convert(source, target, chosen, seed: parse.GetValue(seed) ?? 1);
            context.Display(parse).Result(
                $"The model is in {target}; it has still to be pretrained or fine-tuned.", new { Event = "init-student", Model = target });
            return 0;
        }));
        return command;
    }
}
