using System.CommandLine;
using Replication.Papers;

namespace Replication.CommandLine.Verbs;

/// <summary>report [paper]: tables, figures and claims again, from the evidence under results/ alone.</summary>
internal static class ReportVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var profile = PaperOptions.ProfileOption("Which results (default: all that are there).");
        var output = PaperVerb.Output();
        var command = new Command("report", "Make tables, figures and claims again from the runs already there.") { paper, profile, output };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var results = context.Results(parse.GetValue(output));
            var wanted = PaperOptions.Parse(parse.GetValue(profile));
            var kept = context.Chosen(parse.GetValue(paper))
                .SelectMany(p => PaperReports.Kept(results, p).Where(k => wanted is null || k.Profile == wanted).Select(k => (Paper: p, k.Profile, k.Variant)))
                .ToList();
            if (kept.Count == 0)
                throw new ReplicationException($"There are no runs to report on under {results}; run a paper first, such as './reproduce.ps1 {context.Papers.Select(p => p.Name).FirstOrDefault("all")}'.");
            foreach (var one in kept)
            {
                display.Say($"{one.Paper.Title}, profile {ExperimentRequest.NameOf(one.Profile, one.Variant)}");
                new PaperReports(results, one.Paper, one.Profile, one.Variant, context.Papers).Show(display);
            }
            return 0;
        }));
        return command;
    }
}
