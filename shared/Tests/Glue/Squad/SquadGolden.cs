using System.Text.Json;
using Replication.Bert.Tokenization;
using Replication.Glue;

namespace Replication.Tests.Glue.Squad;

/// <summary>The reference values on SQuAD and RACE, and the data they were computed from.</summary>
internal static class SquadGolden
{
    public static JsonElement Part(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("tasks.json")));
        return document.RootElement.GetProperty(name).GetProperty("cases").Clone();
    }

    public static WordPiece Tokenizer() => WordPiece.FromVocabulary(GoldenFiles.Require("../vocab/bert-base-uncased.txt"));

    public static TaskSource Data() => new(DataFolders.Of(GoldenFiles.Require("../tasks"), GoldenFiles.Require("../tasks")));

    public static int[] Integers(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];

    public static IReadOnlyList<float[]> Rows(JsonElement matrix, string name) =>
        [.. matrix.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(n => n.GetSingle()).ToArray())];
}
