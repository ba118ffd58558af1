using System.CommandLine;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>What every verb is made with.</summary>
/// <param name="Papers">The papers.</param>
/// <param name="Host">The outside.</param>
/// <param name="Common">Options that every verb takes.</param>
internal sealed record VerbContext(IReadOnlyList<IPaper> Papers, CommandLineHost Host, CommonOptions Common)
{
    /// <summary>The repository's root.</summary>
    public string Root => Host.Root ?? RepositoryRoot.Find();

    /// <summary>Environment variable that names the runs folder.</summary>
    public const string RunsVariable = "REPLICATION_RUNS";

    /// <summary>The runs folder: what the option says, else the variable, else results/runs.</summary>
    public string RunsFolder(ParseResult parse) => NamedRuns(parse) ?? Workspace.RunsUnder(Root);

    /// <summary>The folder of what can be computed again; beside the runs, wherever they are.</summary>
    public string CacheFolder(ParseResult parse) =>
        NamedRuns(parse) is { } runs ? Path.Combine(runs, ".cache") : Workspace.CacheUnder(Root);

    private string? NamedRuns(ParseResult parse) =>
        (parse.GetValue(Common.Runs) ?? Host.Variable(RunsVariable)) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>Where data and models are looked for.</summary>
    public DataFolders DataFolders(ParseResult parse) =>
        Glue.DataFolders.Of(Root, parse.GetValue(Common.Data), Host.Variable(Glue.DataFolders.Variable));

    /// <summary>The same for downloads.</summary>
    public DataFolders DownloadFolders(ParseResult parse) =>
        Glue.DataFolders.ForDownloads(Root, parse.GetValue(Common.Data), Host.Variable(Glue.DataFolders.Variable));

    private void Warn(string text) => Host.Write(Host.Error, $"warning: {ShownText.Line(text)}");

    /// <summary>The device that the user chose.</summary>
    public string Device(ParseResult parse) => parse.GetValue(Common.Device) ?? "cpu";

    /// <summary>The processor that computes.</summary>
    public Processor Processor => Host.Processor ?? Processor.OfThisMachine(Host.Variable);

    /// <summary>Sets libtorch up and says where everything is.</summary>
    public Workspace OpenWorkspace(ParseResult parse)
    {
        var folders = DataFolders(parse);
        return new Workspace
        {
            Root = Root,
            RunsFolder = RunsFolder(parse),
            CacheFolder = CacheFolder(parse),
            Glue = new GlueSource(folders) { Warn = Warn },
            Models = new ModelCatalog(folders) { Warn = Warn },
            Environment = TorchSetup.Prepare(Device(parse), parse.GetValue(Common.Threads)) with
            {
                MicroBatch = parse.GetValue(Common.MicroBatch),
            },
            Processor = Processor,
            Clock = Host.Clock,
        };
    }

    /// <summary>How progress and results are shown to the user.</summary>
    public Display Display(ParseResult parse) => new(Host, parse.GetValue(Common.Quiet), parse.GetValue(Common.Json));

    /// <summary>The paper that was named, or all.</summary>
    public IReadOnlyList<IPaper> Chosen(IPaper? paper) => paper is null ? Papers : [paper];

    /// <summary>An argument that names a paper, or none for all.</summary>
    public Argument<IPaper?> PaperArgument() => new("paper")
    {
        Description = "The paper (default: all of them).",
        HelpName = "paper",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            var paper = Papers.FirstOrDefault(p => string.Equals(p.Name, word, StringComparison.OrdinalIgnoreCase));
            if (paper is null)
                result.AddError(
                    $"Unknown paper '{word}'; there are "
                    + $"{Words.Either([.. Papers.Select(p => p.Name)])}.{Suggestion.For(word, Papers.Select(p => p.Name))}");
            return paper;
        },
    };
}
