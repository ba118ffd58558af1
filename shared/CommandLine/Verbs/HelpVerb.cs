using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>help [verb]: the same pages as --help.</summary>
internal static class HelpVerb
{
    public static Command Create(RootCommand root)
    {
        var words = new Argument<string[]>(
            "verb") { Description = "The verb, such as plan or data fetch (default: all of them in short).", HelpName = "verb",
            Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Explain a verb.") { words };
        command.SetAction((parse, cancellation) =>
        {
            var verbs = parse.GetValue(words) ?? [];
            verbs.Aggregate((Command)root, Find);
            return root.Parse([.. verbs, "--help"]).InvokeAsync(parse.InvocationConfiguration, cancellation);
        });
        return command;
    }

    private static Command Find(Command above, string name)
    {
        var known = above.Subcommands.Select(c => c.Name).ToList();
        return above.Subcommands.FirstOrDefault(c => c.Name == name) ?? throw new ReplicationException(
            $"Unknown verb '{name}'.{Suggestion.For(name, known)} "
                + $"{(known.Count == 0 ? $"{above.Name} has none of its own." : $"Known are {string.Join(", ", known)}.")}",
                ReplicationException.UsageError);
    }
}
