using System.CommandLine;
using System.Globalization;
using Replication.Bert;
using Replication.Glue;
using Replication.Glue.Squad;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>evaluate on SQuAD: a model's answers, or those of a file, by the rules of the version's official script.</summary>
internal sealed class SquadEvaluation(VerbContext context, EvaluateOptions options, ParseResult parse, string name)
{
    private readonly SquadVersion _version = name == TaskDownload.Squad1 ? SquadVersion.V1 : SquadVersion.V2;

    public int Run(CancellationToken cancellation)
    {
        EvaluateOptions.RefuseOthers(parse, name, options.Submission);
        if (_version == SquadVersion.V1)
            EvaluateOptions.RefuseOthers(parse, name, options.NullThreshold);
        var (model, given, written) = (parse.GetValue(options.Model), parse.GetValue(options.Answers), parse.GetValue(options.Predictions));
        if ((model is null) == (given is null))
            throw new ReplicationException(
                $"Either --model or --answers tells what is to be scored on {name}; give one of them.", ReplicationException.UsageError);
        if (written is not null)
            OutputCheck.File("--predictions", written);
        var display = context.Display(parse);
        var data = Data(display);
        var answers = given is null ? Answer(model!, data, display, cancellation) : SquadPredictions.Read(given);
        if (written is not null)
            SquadPredictions.Write(
                written, data.Questions.Where(q => answers.ContainsKey(q.Id)).Select(q => KeyValuePair.Create(q.Id, answers[q.Id])));
        var unanswered = data.Questions.Count(question => !answers.ContainsKey(question.Id));
        if (unanswered > 0)
            context.Host.Error.WriteLine(
                string.Create(
                CultureInfo.InvariantCulture,
                $"warning: {given} says nothing of {unanswered:N0} of {data.Questions.Count:N0} questions, which count as wrong; the "
                + $"first is {data.Questions.First(q => !answers.ContainsKey(q.Id)).Id}"));
        ScoreView.Show(
            display, Shown(data),
            new Dictionary<string, IReadOnlyDictionary<string, double?>> { ["dev"] = SquadScorer.Score(data, answers) }, model ?? given);
        return 0;
    }

    private SquadDataset Data(Display display)
    {
        var data = parse.GetValue(options.Questions) is { } file
            ? TaskSource.Squad(_version, file)
            : context.OpenWorkspace(parse).Glue.Tasks.Squad(_version, SquadSplit.Dev);
        ScoreView.ShowData(display, Shown(data));
        // What only a file's answers are compared with need not be a piece of its passage.
        if (parse.GetValue(options.Answers) is null || _version == SquadVersion.V1)
            SquadChecks.Answers(data.Questions, _version, inPassage: parse.GetValue(options.Answers) is null);
        return data;
    }

    private IReadOnlyDictionary<string, string> Answer(string folder, SquadDataset data, Display display, CancellationToken cancellation)
    {
        if (!TextClassifiers.IsOnnx(folder))
            TorchSetup.Prepare(context.Device(parse), parse.GetValue(context.Common.Threads));
        var usual = new Windowing();
        var windowing = new Windowing(
            ModelLength.Of(folder, parse.GetValue(options.Length), usual.MaxLength),
            parse.GetValue(options.Stride) ?? usual.Stride,
            parse.GetValue(options.Windows) == "overlap" ? WindowForm.Overlap : WindowForm.Step);
        var search = _version.Search();
        if (parse.GetValue(options.NullThreshold) is { } threshold)
            search = search with { NullThreshold = threshold };
        using var answerer = TextClassifiers.OpenAnswerer(folder, windowing, context.Device(parse), parse.GetValue(context.Common.Threads));
        return display.Watch(progress => SquadPredictions.Of(
            answerer, data, search, cancellation, (done, all) => progress.Aside($"answering {name}", done, all, "windows")));
    }

    private ScoredData Shown(SquadDataset data) => new(name, nameof(SquadSplit.Dev), "questions", data.Source, data.Questions.Count);
}
