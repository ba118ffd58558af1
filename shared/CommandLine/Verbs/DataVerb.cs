using System.CommandLine;

namespace Replication.CommandLine.Verbs;

/// <summary>data: what is here and what is missing; data fetch NAME...: downloads.</summary>
internal static class DataVerb
{
    public static Command Create(VerbContext context)
    {
        var names = new Argument<string[]>("name") { Description = "Data sets or models, as 'data' lists them.", HelpName = "name", Arity = ArgumentArity.OneOrMore };
        var fetch = new Command("fetch", "Download data sets or models.") { names };
        fetch.SetAction((_, _) => throw new NotImplementedException());
        var command = new Command("data", "Show what data and models are here, from where, and what is missing.") { fetch };
        command.SetAction((_, _) => throw new NotImplementedException());
        return command;
    }
}
