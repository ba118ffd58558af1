using System.Text;
using Replication.Bert;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.Tests.Studies;

/// <summary>A made-up paper, whole: a network fine-tuned on a task, one of its layers alone, and the same without dropout.</summary>
/// <param name="model">Folder of the pretrained model.</param>
internal sealed class FifthPaper(string model) : StudyPaper("Fifth", "A Fifth Paper", "Nobody, 2026")
{
    public const string Cells = """
        paper,table,split,model,task,metric,value,unit,source,confidence
        Fifth,Table 1,dev,Whole,SST-2,acc,90.0,%,nowhere,sourced2
        Fifth,Table 1,dev,One layer,SST-2,acc,80.0,%,nowhere,sourced2
        Fifth,Table 1,dev,w/o dropout,SST-2,acc,85.0,%,nowhere,sourced2
        Fifth,Table 1,dev,Another's,SST-2,acc,70.0,%,nowhere,sourced2
        Fifth,Table 2,-,Whole,-,#params,0.1,M,nowhere,sourced2
        Fifth,Table 2,-,One layer,-,#params,0.05,M,nowhere,sourced2
        Fifth,Section 2,-,Whole,-,layers,2,layers,nowhere,sourced2
        """;

    public PublishedCells Printed { get; init; } = PublishedCells.Read(new MemoryStream(Encoding.UTF8.GetBytes(Cells)));

    public override PublishedCells Published => Printed;

    public override ClaimFindings Findings { get; } = ClaimFindings.Parse(
        "# With another teacher\n\n## fifth.order.*\n\nThe model is tiny.");

    public override Study Declare(ExperimentRequest request)
    {
        var recipe = new TrainingRecipe { LearningRate = 2e-3, BatchSize = 8, Epochs = 2, MaxLength = 16 };
        var whole = Of("Whole", null, recipe);
        var one = Of("One layer", 1, recipe);
        var noDropout = Of("w/o dropout", null, recipe with { Dropout = 0 });
        var config = ModelFolder.ReadConfig(model);
        var layers = Published.Find("Section 2", "Whole", "-", "layers");
        return new Study(this, request, request.AppliedTo(new FifthSettings { Teacher = "tiny", Tasks = [GlueTasks.Sst2], Replicates = 6 }))
        {
            Teacher = whole,
            Setting = "model tiny",
            Needs = "Needs a larger model.",
            Tables =
            [
                new ScoreTable("Table 1", "Scores", whole, one, noDropout, Variant.Cited("Another's")),
                new SizeTable(
                    "Table 2", "Sizes", new SizedModel("Whole", config), new SizedModel("One layer", config with { NumHiddenLayers = 1 }))
                {
                    Counts =
                    [
                        new(
                            "Parameters", "#params", TradeOffs.MillionParameters,
                            (model, text) => $"{model} has {text} M parameters.", Tolerances.Rounding),
                    ],
                },
            ],
            Orders = [whole.Beats(one, "depth", "More layers help."), whole.Beats(noDropout, "dropout", "Dropout helps.")],
            Exact = [ExactClaim.Of("layers", layers.Table, $"It has {layers.Text} layers.", layers, config.NumHiddenLayers, "counted")],
            Summary = ["A made-up paper."],
            Deviations = ["It is made up."],
        };

        Variant Of(string name, int? layers, TrainingRecipe trained) => new(name, (task, replicate) => new FineTuneSpec
        {
            Selection = new TaskSelection { Task = task.Name }, BaseModel = model, Layers = layers, Recipe = trained, Seed = replicate,
        }) { Published = name };
    }
}

/// <summary>It has no numbers of its own.</summary>
internal sealed record FifthSettings : ProfileSettings;
