using System.CommandLine;
using Replication.Studies;

namespace Replication.CommandLine.Verbs;

/// <summary>
/// report [paper]: tables, figures and claims again, from this machine's own evidence or, where it has none, from the committed one.
/// </summary>
internal static class ReportVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var profile = PaperOptions.ProfileOption("Which results (default: all that are there).");
        var (output, updates, listed) = (PaperVerb.Output(), PaperVerb.UpdateResults(), PaperVerb.AllClaims());
        var command =
            new Command("report",
                "Make tables, figures and claims again from the runs already there: this machine's or, where it has none, the "
                + "committed ones.")
        {
            paper, profile, output, updates, listed,
        };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var place = ResultsPlace.Of(context.Root, parse.GetValue(output), parse.GetValue(updates));
            var wanted = PaperOptions.Parse(parse.GetValue(profile));
            var kept = context.Chosen(parse.GetValue(paper))
                .SelectMany(p => PaperReports.Kept(place, p).Where(k => wanted is null || k.Profile == wanted)
                    .Select(k => new PaperReports(place, p, k.Profile, k.Fidelity, context.Papers)))
                .ToList();
            if (kept.Count == 0)
                throw new ReplicationException(
                    $"There are no runs to report on under {place.Own}; run a paper first, such as './reproduce.ps1 "
                    + $"{(parse.GetValue(paper) ?? context.Papers.FirstOrDefault())?.Name ?? "all"}"
                    + $"{(parse.GetValue(updates) ? " --update-results" : "")}'.");
            using var held = place.Hold(display.Say, cancellation);
            VerdictView.Show(display, [.. kept.Select(one => one.Write())], place, parse.GetValue(listed));
            return 0;
        }));
        return command;
    }
}
