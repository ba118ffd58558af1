using System.CommandLine;
using Replication.CommandLine;

namespace Replication.Tools.Trust;

/// <summary>trust: makes docs/trust.md from results/trust; trust-record: writes such a result for a script.</summary>
internal static class TrustVerb
{
    /// <summary>The document, from the repository's root.</summary>
    public const string Document = "docs/trust.md";

    /// <summary>The results, from the repository's root.</summary>
    public const string Folder = "results/trust";

    public static Command Create()
    {
        var command = new Command("trust", $"Make {Document} from the results in {Folder}.");
        command.SetAction((_, _) => Task.Run(() =>
        {
            var root = RepositoryRoot.Find();
            AtomicFile.WriteText(Path.Combine(root, Document), TrustPage.Of(TrustPage.Read(Path.Combine(root, Folder))));
            Console.WriteLine($"{Document} is made from {Folder}.");
            return 0;
        }));
        return command;
    }

    public static Command CreateRecord()
    {
        var path = new Argument<string>("file") { Description = "The result's file." };
        var what = Text("--what", "What was done, in a few words.");
        var typed = Text("--command", "What was typed, from the repository's root.");
        var seconds = new Option<double>("--seconds") { Description = "How long it took.", Required = true };
        var rows = new Option<string[]>("--row") { Description = "What|count|unit|found|remark; may be given again.", Required = true };
        var log = new Option<string?>("--log") { Description = "File whose lines are kept." };
        var command = new Command("trust-record", "Write what a script found, for 'trust'.") { path, what, typed, seconds, rows, log };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var lines = parse.GetValue(log) is { } file ? File.ReadAllLines(file) : [];
            var result = ToolResult.Now(
                parse.GetRequiredValue(what), parse.GetRequiredValue(typed), parse.GetValue(seconds),
                [.. parse.GetRequiredValue(rows).Select(ToolRow.Parse)]);
            (result with { Log = lines }).Write(parse.GetRequiredValue(path));
            return 0;
        }));
        return command;
    }

    private static Option<string> Text(string name, string description) => new(name) { Description = description, Required = true };
}
