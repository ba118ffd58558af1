using System.CommandLine;
using System.CommandLine.Help;
using Replication.Studies;

namespace Replication.CommandLine.Verbs;

/// <summary>The command line's root: every verb, the common options, help with examples.</summary>
internal static class Root
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        [""] =
        [
            "./reproduce.ps1 patientkd                        one paper, on this machine, with what it has",
            "./reproduce.ps1 all --profile small --seeds 3    every paper on several tasks and seeds",
            "./reproduce.ps1 plan patientkd --profile paper   the runs, their order and their cost; runs nothing",
            "./reproduce.ps1 report                           tables, figures and claims again, from runs already there",
        ],
        ["plan"] = ["./reproduce.ps1 plan", "./reproduce.ps1 plan patientkd --profile paper --tasks SST-2,MRPC"],
        ["report"] = ["./reproduce.ps1 report", "./reproduce.ps1 report patientkd --profile small"],
        ["claims"] = ["./reproduce.ps1 claims --server scores.csv"],
        ["runs"] = ["./reproduce.ps1 runs", "./reproduce.ps1 runs clean", "./reproduce.ps1 runs clean --finished --older-than 30 --yes",
            "./reproduce.ps1 runs diff 3f2a9c1b 80d7890a"],
        ["diff"] = ["./reproduce.ps1 runs diff 3f2a9c1b 80d7890a"],
        ["data"] = ["./reproduce.ps1 data", "./reproduce.ps1 data fetch QNLI bert-base-uncased"],
        ["finetune"] = ["./reproduce.ps1 finetune --model minilm-l6 --task SST-2 --output my-model --rows 8000"],
        ["evaluate"] = ["./reproduce.ps1 evaluate --model my-model --task SST-2 --predictions dev.tsv"],
        ["predict"] =
        [
            "echo 'A warm and funny film.' | ./reproduce.ps1 predict --model my-model",
            "./reproduce.ps1 predict --model my-model --input pairs.tsv --json",
        ],
        ["augment"] =
        [
            "./reproduce.ps1 augment --task SST-2 --rows 100 --new-rows 5 --output train.tsv",
            "./reproduce.ps1 augment --task SST-2 --measure --precision bf16",
        ],
        ["init-student"] = ["./reproduce.ps1 init-student --model bert-base-uncased --output distil --start official-code"],
        ["smoke"] = ["./reproduce.ps1 smoke patientkd --model random-bert-base"],
        ["export"] =
        [
            "./reproduce.ps1 export patientkd --task SST-2 --method 'PKD-Skip, 3 layers' --output student",
            "./reproduce.ps1 export dynabert --task SST-2 --width 0.5 --depth 0.5 --output half",
            "./reproduce.ps1 export --model my-model --task SST-2 --format onnx --fuse onnxruntime --quantize int8 --output shipped",
        ],
        ["benchmark"] = ["./reproduce.ps1 benchmark --only TinyBERT4 --rounds 10", "./reproduce.ps1 benchmark --profile quick --task SST-2",
            "./reproduce.ps1 benchmark --model Student=my-model --task SST-2"],
        ["bench"] = ["./reproduce.ps1 bench", "./reproduce.ps1 bench --only sst2,tokenizing --minutes 2"],
        ["choose"] = [
            "./reproduce.ps1 choose dynabert --task SST-2 --latency 20ms", "./reproduce.ps1 choose dynabert --task SST-2 --parameters 15M"],
    };

    public static RootCommand Create(IReadOnlyList<IPaper> papers, CommandLineHost host)
    {
        var root = new RootCommand("Replications of papers that compress BERT by distillation.");
        var context = new VerbContext(papers, host, new CommonOptions());
        context.Common.AddTo(root);
        foreach (var paper in papers)
            root.Subcommands.Add(PaperVerb.Create(context, paper));
        foreach (var verb in (Command[])
            [
                PaperVerb.CreateAll(context), PlanVerb.Create(context), ReportVerb.Create(context), ClaimsVerb.Create(context),
                RunsVerb.Create(context), DataVerb.Create(context),
                FineTuneVerb.Create(context), EvaluateVerb.Create(context), PredictVerb.Create(context), ExportVerb.Create(context),
                ChooseVerb.Create(context),
                SmokeVerb.Create(context, "smoke"), InitStudentVerb.Create(context, "init-student"), AugmentVerb.Create(context),
                BenchmarkVerb.Create(context), .. host.Verbs.Select(create => create(context)),
                Old(SmokeVerb.Create(context, "exercise")), Old(InitStudentVerb.Create(context, "halve")),
            ])
            root.Subcommands.Add(verb);

        var help = root.Options.OfType<HelpOption>().Single();
        var page = new HelpPage((HelpAction)help.Action!, WithRootName(root.Name, papers));
        help.Action = page;
        root.Options.OfType<VersionOption>().Single().Action = new VersionLine(() => context.Root);
        root.Subcommands.Add(HelpVerb.Create(root));
        root.Action = page;
        RefuseEmptyTexts(root);
        return root;
    }

    // A verb under the name that it had before: it works and no help shows it.
    private static Command Old(Command verb)
    {
        verb.Hidden = true;
        return verb;
    }

    // An unset shell variable becomes an empty value, which names nothing.
    private static void RefuseEmptyTexts(Command command)
    {
        foreach (var option in command.Options.Where(o => o.ValueType == typeof(string) && o is not IRanged))
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens is [var only] && string.IsNullOrWhiteSpace(only.Value))
                    result.AddError($"{option.Name} is empty; it must be {option.HelpName ?? "a text"}.");
            });
        }
        foreach (var verb in command.Subcommands)
            RefuseEmptyTexts(verb);
    }

    private static Dictionary<string, string[]> WithRootName(string name, IReadOnlyList<IPaper> papers)
    {
        var examples = new Dictionary<string, string[]>(Examples, StringComparer.Ordinal) { [name] = Examples[""] };
        foreach (var paper in papers)
            examples[paper.Name] =
                [$"./reproduce.ps1 {paper.Name}", $"./reproduce.ps1 {paper.Name} --profile small --tasks SST-2 --seeds 1"];
        return examples;
    }
}
