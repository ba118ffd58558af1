using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>help [verb]: the same pages as --help.</summary>
internal static class HelpVerb
{
    public static Command Create(RootCommand root, CommandLineHost host)
    {
        var verb = new Argument<string?>("verb") { Description = "The verb (default: all of them in short).", HelpName = "verb", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("help", "Explain a verb.") { verb };
        command.SetAction((parse, cancellation) =>
        {
            var name = parse.GetValue(verb);
            var known = root.Subcommands.Select(c => c.Name).ToList();
            if (name is not null && !known.Contains(name, StringComparer.Ordinal))
                throw new ReplicationException($"Unknown verb '{name}'.{Suggestion.For(name, known)} Known are {string.Join(", ", known)}.", ReplicationException.UsageError);
            string[] words = name is null ? ["--help"] : [name, "--help"];
            return root.Parse(words).InvokeAsync(new InvocationConfiguration { Output = host.Output, Error = host.Error }, cancellation);
        });
        return command;
    }
}
