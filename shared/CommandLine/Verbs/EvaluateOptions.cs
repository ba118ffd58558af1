using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>Options of evaluate.</summary>
internal sealed class EvaluateOptions
{
    public Option<string?> Model { get; } = OptionFactory.Text("--model", "Folder of a trained or exported model.", "FOLDER");

    public Option<string?> Task { get; } = SharedOptions.Task(SharedOptions.TrainedTasks);

    public Option<int?> Length { get; } = OptionFactory.Integer(
        "--max-length", "Longest text in tokens (default: 128; IMDb and RACE 512, SQuAD's windows 384, or the model's positions).", 4, 512);

    public Option<string?> Predictions { get; } = OptionFactory.Text(
        "--predictions",
        "Write the predictions for the dev set here, SQuAD's in the form of its script; for MNLI's second one '-mm' is added.", "FILE");

    public Option<string?> Submission { get; } =
        OptionFactory.Text("--submission", "Write the predictions for the hidden test set here, as GLUE's server takes them.", "FILE.zip");

    public Option<string?> Questions { get; } =
        OptionFactory.Text("--questions", "SQuAD: questions in its form or the hub's, in place of the dev set.", "FILE.json");

    public Option<string?> Answers { get; } =
        OptionFactory.Text("--answers", "SQuAD: score these answers, one JSON object from id to text, in place of a model's.", "FILE.json");

    public Option<double?> NullThreshold { get; } = OptionFactory.Number(
        "--null-threshold", "SQuAD 2.0: nothing is answered where the null score exceeds the best answer's by more (default: 0).");

    public Option<int?> Stride { get; } =
        OptionFactory.Integer("--stride", "SQuAD: tokens from one window to the next (default: 128).", 1, 512);

    public Option<string?> Windows { get; } = OptionFactory.Choice(
        "--windows", "SQuAD: whether a window begins every so many tokens, or neighbours share so many (default: step).", "step",
        "overlap");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Model, Task, Length, Predictions, Submission, Questions, Answers, NullThreshold, Stride, Windows])
            command.Options.Add(option);
    }

    /// <summary>Refuses options that say nothing about a task.</summary>
    /// <exception cref="ReplicationException">One of them was given.</exception>
    public static void RefuseOthers(ParseResult parse, string task, params Option[] others)
    {
        if (others.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } given)
            throw new ReplicationException($"{given.Name} does not apply to {task}; leave it out.", ReplicationException.UsageError);
    }
}
