using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Replication.Studies;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>
/// carry-over: makes the ledgers of committed evidence of key version 1, which was a folder a run. Every file is held against its
/// manifest's digest, every recipe and key is computed again as version 1 did, from the manifest and from the source; nothing is
/// written unless all agree.
/// </summary>
internal static class CarryOverVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("carry-over", "Make ledgers of committed evidence of key version 1.") { Hidden = true };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var place = ResultsPlace.Of(context.Root, null, updates: true);
            foreach (var paper in context.Papers)
            {
                foreach (var (profile, variant) in PaperReports.Kept(place, paper))
                {
                    var reports = new PaperReports(place, paper, profile, variant, context.Papers);
                    var runs = Path.Combine(reports.Folder, "runs");
                    if (!Directory.Exists(runs))
                        continue;
                    var plan = Plan.Build(paper.Declared(Json.Read<ExperimentRequest>(Path.Combine(reports.Folder, "request.json"))));
                    var old = Directory.EnumerateDirectories(runs).Select(OldRun.Read).ToDictionary(run => run.Manifest.SpecKey, StringComparer.Ordinal);
                    Ledger.Write(reports.Folder, Carry(plan, old));
                    Directory.Delete(runs, recursive: true);
                    display.Say($"{reports.Folder}: {old.Count} runs.");
                }
            }
            return 0;
        }));
        return command;
    }

    private static LedgerRun[] Carry(Plan plan, Dictionary<string, OldRun> old)
    {
        var carried = new Dictionary<string, FinishedRun>(StringComparer.Ordinal);
        var names = plan.Runs.ToDictionary(run => OldKeys.Of(run.Spec), run => run.SpecKey, StringComparer.Ordinal);
        foreach (var run in plan.Runs)
        {
            var was = old.GetValueOrDefault(OldKeys.Of(run.Spec)) ?? throw new ReplicationException($"There is no evidence of {run.Spec.Describe()}.");
            var manifest = was.Manifest;
            string[] oldNeeds = [.. run.Spec.Needs().Select(need => old[OldKeys.Of(need)].Manifest.Key)];
            Check(OldKeys.OfText(manifest.Spec.GetRawText()) == manifest.SpecKey, manifest, "the digest of its recipe is not the manifest's");
            Check(OldKeys.Of(manifest, oldNeeds) == manifest.Key, manifest, "its key does not follow from recipe, inputs, environment and needs");
            string[] needs = [.. run.Spec.Needs().Select(need => carried[need.SpecKey()].Manifest.Key)];
            var environment = new RunEnvironment(manifest.Environment.Device, manifest.Environment.Threads, manifest.Environment.Libtorch);
            carried.Add(run.SpecKey, new FinishedRun(was.Folder, new RunManifest
            {
                KeyVersion = RunKey.Version,
                Key = RunKey.Of(run.Spec, manifest.Inputs, environment, needs),
                SpecKey = run.SpecKey,
                Kind = manifest.Kind,
                Label = manifest.Label,
                Spec = run.Spec.ToElement(),
                Inputs = manifest.Inputs,
                Needs = needs,
                Environment = environment,
                Processors = [manifest.Environment.Processor],
                Machine = manifest.Machine,
                Commit = manifest.Commit,
                Started = manifest.Started,
                Finished = manifest.Finished,
                Seconds = manifest.Seconds,
                Resumes = manifest.Resumes,
                Measurements = manifest.Measurements,
                Files = manifest.Files,
            }, was.Result with { Chosen = was.Result.Chosen is { } chosen ? names[chosen] : null })
            {
                Details = was,
            });
        }
        if (carried.Count != old.Count)
            throw new ReplicationException($"{old.Count} runs are there, {carried.Count} are declared.");
        return [.. plan.Entries(carried.Values)];
    }

    private static void Check(bool holds, OldManifest manifest, string problem)
    {
        if (!holds)
            throw new ReplicationException($"{manifest.Label} ({manifest.Key[..RunKey.ShortLength]}): {problem}.");
    }

    private sealed record OldEnvironment(string Device, int Threads, string Libtorch, string Processor);

    private sealed record OldManifest(
        string Key, string SpecKey, string Kind, string Label, JsonElement Spec, IReadOnlyList<RunInput> Inputs, OldEnvironment Environment, string Machine, string? Commit,
        DateTimeOffset Started, DateTimeOffset Finished, double Seconds, int Resumes, IReadOnlyDictionary<string, double> Measurements, IReadOnlyDictionary<string, string> Files);

    private sealed class OldRun(string folder, OldManifest manifest, RunResult result) : IRunDetails
    {
        public string Folder => folder;

        public OldManifest Manifest => manifest;

        public RunResult Result => result;

        public IReadOnlyList<CurvePoint> Curves => Path.Combine(folder, "metrics.jsonl") is var path && Exists(path) ? Read(path, content => CurvePoint.Read(content, path)) : [];

        public IReadOnlyList<RunArray> Arrays => Path.Combine(folder, "attention.json") is var path && Exists(path) ? Read(path, Attention) : [];

        public IReadOnlyList<RowPrediction> Predictions => [];

        public void Verify(FinishedRun run)
        {
            foreach (var (name, sha256) in manifest.Files)
            {
                var path = Path.Combine(folder, name);
                Check(Exists(path) ? Read(path, Digest.OfStream) == sha256 : name != "result.json", manifest, $"{name} is not the manifest's");
            }
        }

        public static OldRun Read(string folder) => new(
            folder, Json.Read<OldManifest>(Path.Combine(folder, "manifest.json"), Open), Json.Read<RunResult>(Path.Combine(folder, "result.json"), Open));

        private static IReadOnlyList<RunArray> Attention(Stream content)
        {
            using var json = JsonDocument.Parse(content);
            string[] pieces = [.. json.RootElement.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()!)];
            RunArray Of(JsonElement layer, string who) => new(
                $"attention of {who} layer {layer.GetProperty(who + "Layer").GetInt32()}", pieces,
                [.. layer.GetProperty(who).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())]);
            return
            [
                .. json.RootElement.GetProperty("layers").EnumerateArray().SelectMany(layer => new[] { Of(layer, "student"), Of(layer, "teacher") })
                    .DistinctBy(array => array.Name).OrderBy(array => array.Name, StringComparer.Ordinal),
            ];
        }

        private static T Read<T>(string path, Func<Stream, T> read)
        {
            using var content = Open(path);
            return read(content);
        }

        private static bool Exists(string path) => File.Exists(path) || File.Exists(path + ".gz");

        private static Stream Open(string path) => File.Exists(path) ? File.OpenRead(path) : new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
    }

    // Keys as version 1 made them: all properties of a spec, and of the specs in it.
    private static class OldKeys
    {
        private static readonly JsonSerializerOptions Options = new(Json.Compact)
        {
            Converters = { new WholeSpec() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Arrange } },
        };

        public static string Of(RunSpec spec) => Digest.OfText(JsonSerializer.Serialize(spec, spec.GetType(), Options));

        // The manifest's own indentation goes; the numbers stay as they are written.
        public static string OfText(string json)
        {
            using var document = JsonDocument.Parse(json);
            return Digest.OfText(JsonSerializer.Serialize(document.RootElement, Json.Compact));
        }

        public static string Of(OldManifest manifest, IReadOnlyList<string> needs) => Digest.OfText(JsonSerializer.Serialize(
            new { Spec = manifest.SpecKey, Inputs = manifest.Inputs.OrderBy(i => i.Name, StringComparer.Ordinal).ToArray(), manifest.Environment, Needs = needs }, Json.Compact));

        private static void Arrange(JsonTypeInfo type)
        {
            if (type.Kind != JsonTypeInfoKind.Object)
                return;
            var sorted = type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal).ToArray();
            type.Properties.Clear();
            foreach (var property in sorted)
                type.Properties.Add(property);
            // Patient-KD's values of a search name it by its key.
            if (type.Type.Name == "Tuning" && type.Type.GetProperty("Selection") is { } selection)
                type.Properties.Single(p => p.Name == "selectionKey").Get = tuning => Of((RunSpec)selection.GetValue(tuning)!);
        }

        private sealed class WholeSpec : JsonConverter<RunSpec>
        {
            public override RunSpec Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

            public override void Write(Utf8JsonWriter writer, RunSpec value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), options);
        }
    }
}
