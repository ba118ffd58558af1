using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Tests.Glue;

namespace Replication.Tests.Bert.Tokenization;

[Category("Golden")]
public class WordPieceGoldenTests
{
    private static WordPiece Reference() => WordPiece.FromVocabulary(GoldenFiles.Require("../vocab/bert-base-uncased.txt"));

    [Test]
    public void EncodePair_TrickyTexts_EqualsTransformers()
    {
        var tokenizer = Reference();
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("tokens_tricky.json")));
        Assert.That(golden.RootElement.GetArrayLength(), Is.GreaterThan(100));
        Assert.Multiple(() =>
        {
            foreach (var row in golden.RootElement.EnumerateArray())
            {
                var text = row.GetProperty("text").GetString()!;
                var (ids, firstLength) =
                    tokenizer.EncodePair(text, row.GetProperty("pair").GetString(), row.GetProperty("max_length").GetInt32());
                Assert.That(ids, Is.EqualTo(Integers(row, "input_ids")), text);
                Assert.That(ids.Select(tokenizer.Token), Is.EqualTo(row.GetProperty("tokens").EnumerateArray().Select(t => t.GetString())),
                    text);
                Assert.That(firstLength, Is.EqualTo(Integers(row, "token_type_ids").Count(type => type == 0)), text);
            }
        });
    }

    [Test]
    public void Encode_GlueSplits_EqualTransformersTokenForToken()
    {
        var tokenizer = Reference();
        var source = GlueFiles.RequireDistribution();
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("tokens_glue.json")));
        Assert.Multiple(() =>
        {
            foreach (var split in golden.RootElement.GetProperty("splits").EnumerateArray())
            {
                var task = GlueTasks.Parse(split.GetProperty("task").GetString()!);
                var name = split.GetProperty("split").GetString()!;
                var data = source.Load(task, name == "train" ? GlueSplit.Train : GlueSplit.Dev);
                var encoded = Replication.Glue.Encoder.Encode(data, tokenizer, split.GetProperty("max_length").GetInt32());
                Assert.That(encoded.Examples, Has.Count.EqualTo(split.GetProperty("rows").GetInt32()), $"{task} {name}");
                Assert.That(encoded.Examples.Sum(e => e.InputIds.Length), Is.EqualTo(split.GetProperty("tokens").GetInt32()),
                    $"{task} {name}");
                Assert.That(ReferenceDigest(encoded), Is.EqualTo(split.GetProperty("sha256").GetString()), $"{task} {name}");
            }
        });
    }

    private static int[] Integers(JsonElement row, string name) =>
        row.GetProperty(name).EnumerateArray().Select(n => n.GetInt32()).ToArray();

    // One line a row: ids, a bar, token types.
    private static string ReferenceDigest(EncodedDataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var example in data.Examples)
        {
            var types = Enumerable.Range(0, example.InputIds.Length).Select(i => i < example.FirstLength ? 0 : 1);
            hash.AppendData(Encoding.ASCII.GetBytes($"{string.Join(' ', example.InputIds)}|{string.Join(' ', types)}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
