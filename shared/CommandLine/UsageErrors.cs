using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Replication.CommandLine;

/// <summary>What is wrong with a command line, in one sentence with the nearest word that would be right.</summary>
internal static class UsageErrors
{
    /// <summary>The first mistake; null where there is none.</summary>
    public static string? Find(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        if (Ancestors(command)
            .Prepend(command).SelectMany(c => c.Options).OfType<HelpOption>().Any(o => parse.GetResult(o) is { Implicit: false }))
            return parse.UnmatchedTokens is [var word, ..] && !word.StartsWith('-') ? Unmatched(word, command) : null;
        // The parser hands an unknown option to an argument if there is one.
        var stray = command.Arguments.SelectMany(a => parse.GetResult(a)?.Tokens ?? []).FirstOrDefault(t => t.Value.StartsWith('-'));
        if (stray is not null)
            return Unmatched(stray.Value, command);
        if (parse.Errors.Count == 0)
            return null;
        if (parse.UnmatchedTokens.Count > 0)
            return Unmatched(parse.UnmatchedTokens[0], command);
        var error = parse.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: 0, Implicit: false } option =>
                $"{option.Option.Name} needs a value: {(option.Option as IRanged)?.Range ?? option.Option.HelpName ?? "see --help"}.",
            OptionResult { Tokens.Count: > 1, Option.AllowMultipleArgumentsPerToken: false } option =>
                $"{option.Option.Name} is given more than once.",
            CommandResult or OptionResult { Implicit: true } when Missing(parse) is { } missing =>
                $"{Name(command)} needs {missing}; '{Name(command)} --help' shows how.",
            ArgumentResult { Tokens.Count: 0 } argument =>
                $"{Name(command)} needs {argument.Argument.HelpName ?? argument.Argument.Name}; '{Name(command)} --help' shows how.",
            _ => error.Message,
        };
    }

    private static string Unmatched(string word, Command command)
    {
        var isRoot = command.Parents.FirstOrDefault() is null;
        if (word.StartsWith('-'))
        {
            var known = command.Options.Concat(Ancestors(command).SelectMany(a => a.Options.Where(o => o.Recursive)))
                .Where(o => !o.Hidden).Select(o => o.Name);
            return $"Unknown option '{word}'{(isRoot ? "" : $" for '{Name(command)}'")}.{Suggestion.For(word, known)}";
        }
        var verbs = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        return verbs.Count > 0
            ? $"Unknown word '{word}'.{Suggestion.For(word, verbs)} Known are {string.Join(", ", verbs)}."
            : $"Unexpected word '{word}' after '{Name(command)}'; '{Name(command)} --help' shows what it takes.";
    }

    // With the verbs before it, but for the root: "data fetch".
    private static string Name(Command command) =>
        string.Join(' ', Ancestors(command).Reverse().Skip(1).Append(command).Select(c => c.Name));

    private static string? Missing(ParseResult parse)
    {
        var missing = parse.CommandResult.Command.Options
            .Where(o => o.Required && parse.GetResult(o) is null or { Implicit: true })
            .Select(o => $"{o.Name} {o.HelpName}")
            .ToList();
        return missing.Count == 0 ? null : string.Join(" and ", missing);
    }

    private static IEnumerable<Command> Ancestors(Command command)
    {
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent =
            parent.Parents.OfType<Command>().FirstOrDefault())
            yield return parent;
    }
}
