using System.CommandLine;
using Replication.Glue;

namespace Replication.CommandLine.Verbs;

/// <summary>evaluate: a model folder's scores on a task's dev set, with its predictions and a file for GLUE's server.</summary>
internal static class EvaluateVerb
{
    public static Command Create(VerbContext context)
    {
        var options = new EvaluateOptions();
        var command = new Command("evaluate", "Score a model folder, or answers that are given, on a task's dev set.");
        options.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var name = parse.GetRequiredValue(options.Task)!;
            if (TaskDownload.Find(name) is TaskDownload.Squad1 or TaskDownload.Squad2)
                return new SquadEvaluation(context, options, parse, name).Run(cancellation);
            EvaluateOptions.RefuseOthers(
                parse, name, options.Questions, options.Answers, options.NullThreshold, options.Stride, options.Windows);
            var model = parse.GetValue(options.Model) ?? throw new ReplicationException(
                $"Which model is to be scored on {name} is not said; name its folder with --model.", ReplicationException.UsageError);
            return name == TaskDownload.Race
                ? new RaceEvaluation(context, options, parse, model).Run(cancellation)
                : new GlueEvaluation(context, options, parse, model, GlueTasks.Parse(name)).Run(cancellation);
        }));
        return command;
    }
}
