using System.Text.Json;

namespace Replication.Runs;

/// <summary>
/// What people call the runs of a plan: what each is, and for runs that are called the same, such as the points of a search, the least
/// number of values that set them apart.
/// </summary>
internal sealed class RunLabels
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _values = new(StringComparer.Ordinal);

    private RunLabels()
    {
    }

    /// <summary>The runs with their labels.</summary>
    public static IReadOnlyList<PlannedRun> Set(IReadOnlyList<PlannedRun> runs)
    {
        var labels = new RunLabels();
        var apart = runs.GroupBy(run => run.Identity.Describe(), StringComparer.Ordinal).Where(group => group.Skip(1).Any())
            .SelectMany(group => labels.Apart([.. group])).ToDictionary(one => one.SpecKey, one => one.Values, StringComparer.Ordinal);
        return [.. runs.Select(run => run with { Label = run.Identity.Describe() + apart.GetValueOrDefault(run.SpecKey) })];
    }

    // Values one after the other, the run's own before those of the runs that it needs, until no two runs have all of them in common.
    private IEnumerable<(string SpecKey, string Values)> Apart(IReadOnlyList<PlannedRun> runs)
    {
        var values = runs.Select(run => Values(run.Spec)).ToList();
        var said = runs.Select(_ => "").ToList();
        foreach (var name in values.SelectMany(each => each.Keys).Distinct().OrderBy(Depth).ThenBy(name => name, StringComparer.Ordinal))
        {
            var tried = said.Zip(
                values, (text, its) => its.TryGetValue(name, out var value) ? $"{text}, {Words(name)} {value}" : text).ToList();
            if (tried.Distinct(StringComparer.Ordinal).Count() > said.Distinct(StringComparer.Ordinal).Count())
                said = tried;
        }
        return runs.Zip(said, (run, text) => (run.SpecKey, text));
    }

    // The values of a run's recipe by their path; where it names runs, theirs, each value once.
    private IReadOnlyDictionary<string, string> Values(RunSpec spec)
    {
        var key = spec.SpecKey();
        if (_values.TryGetValue(key, out var known))
            return known;
        var needs = spec.Needs().DistinctBy(need => need.SpecKey()).ToDictionary(need => need.SpecKey(), StringComparer.Ordinal);
        var found = new List<(string Name, string Value)>();
        Add(spec.ToElement(), "");
        return _values[key] = found.Distinct().GroupBy(one => one.Name, one => one.Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => string.Join('/', group), StringComparer.Ordinal);

        void Add(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                    Add(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}");
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    Add(item, path);
            }
            else if (element.ValueKind == JsonValueKind.String && needs.TryGetValue(element.GetString()!, out var need))
            {
                found.AddRange(Values(need).Select(value => ($"{path}.{value.Key}", value.Value)));
            }
            else
            {
                found.Add((path, element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText()));
            }
        }
    }

    private static int Depth(string name) => name.Count(letter => letter == '.');

    // "recipe.learningRate" is the learning rate, "teacher.candidates.baseModel" the teacher's base model.
    private static string Words(string name)
    {
        var parts = name.Split('.');
        string[] told = parts is ["recipe" or "loss" or "selection", ..] or [_] ? [parts[^1]] : [parts[0], parts[^1]];
        return string.Join(' ', told.Select(part => string.Concat(part.Select(
            letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"))));
    }
}
