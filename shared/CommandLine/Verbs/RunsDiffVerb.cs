using System.CommandLine;
using System.Globalization;
using Replication.Runs;
using Spectre.Console;

namespace Replication.CommandLine.Verbs;

/// <summary>runs diff: two runs side by side, only where they differ.</summary>
internal static class RunsDiffVerb
{
    public static Command Create(VerbContext context)
    {
        var first = Key("first");
        var second = Key("second");
        var command = new Command("diff", "Show how two finished runs differ: recipe, data, environment, scores.") { first, second };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var lookup = Lookup(context, parse);
            Show(display, lookup.Find(parse.GetRequiredValue(first)), lookup.Find(parse.GetRequiredValue(second)));
            return 0;
        }));
        return command;
    }

    /// <summary>Finds runs of this machine and of the ledgers: results/PAPER/PROFILE, and the same under results/local.</summary>
    public static RunLookup Lookup(VerbContext context, ParseResult parse) =>
        new(context.RunsFolder(parse), Ledger.Folders(Path.Combine(context.Root, "results"), depth: 3));

    private static Argument<string> Key(string name) =>
        new(name) { Description = $"The {name} run's key, or its beginning; a run of this machine or of the committed evidence.",
            HelpName = "KEY" };

    private static void Show(Display display, FinishedRun first, FinishedRun second)
    {
        var (one, other) = (Name(first), Name(second));
        var differences = RunDifference.Between(first, second);
        display.Text($"first:  {one}");
        display.Text($"second: {other}");
        if (differences.Count > 0)
        {
            display.Table(() =>
            {
                var table = display.Table(("part", false), ("what", false), ("first", true), ("second", true), ("change", true));
                foreach (var d in differences)
                    table.AddRow(
                        new Text(d.Part), new Text(d.Name), new Text(d.First ?? "none"), new Text(d.Second ?? "none"),
                        new Text(d.Change?.ToString("+0.######;-0.######;0", CultureInfo.InvariantCulture) ?? ""));
                return table;
            });
        }
        var parts = differences.GroupBy(d => d.Part, StringComparer.Ordinal).Select(part => Counted(part.Key, part.Count()));
        display.Result(
            differences.Count == 0
                ? "They are equal in recipe, data, environment, scores, facts and files."
                : $"They differ in {string.Join(", ", parts)}.",
            new { Event = "runs-diff", First = first.Manifest.Key, Second = second.Manifest.Key, Differences = differences });
    }

    private static string Name(FinishedRun run) => $"{run.Manifest.Key[..RunKey.ShortLength]} {run.Manifest.Label}";

    private static string Counted(string part, int count) => string.Create(CultureInfo.InvariantCulture, $"{part} ({count})");
}
