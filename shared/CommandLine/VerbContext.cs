using System.CommandLine;
using Replication.Papers;

namespace Replication.CommandLine;

/// <summary>What every verb is made with.</summary>
/// <param name="Papers">The papers.</param>
/// <param name="Host">The outside.</param>
/// <param name="Common">Options that every verb takes.</param>
internal sealed record VerbContext(IReadOnlyList<IPaper> Papers, CommandLineHost Host, CommonOptions Common)
{
    /// <summary>The repository's root.</summary>
    public string Root => Host.Root ?? RepositoryRoot.Find();

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
                result.AddError($"Unknown paper '{word}'; there are {Words.Either([.. Papers.Select(p => p.Name)])}.{Suggestion.For(word, Papers.Select(p => p.Name))}");
            return paper;
        },
    };
}
