using System.Text.Json;

namespace Replication.Training;

/// <summary>A <see cref="TrainingRecipe"/> as a JSON file: only the keys that differ from the defaults need to be there.</summary>
public static class RecipeFile
{
    /// <summary>Whether a recipe names a value of its own for a key.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key, such as "precision".</param>
    public static bool Names(string path, string key) => Json.Read<Dictionary<string, JsonElement>>(path).ContainsKey(key);

    /// <summary>Reads a recipe and checks it.</summary>
    /// <exception cref="ReplicationException">Not JSON, an unknown key (the nearest is suggested), or a value that cannot be used; the
    /// message names file and key.</exception>
    public static TrainingRecipe Read(string path)
    {
        var file = Json.Read<Dictionary<string, JsonElement>>(path);
        var known = Json.Indented.GetTypeInfo(typeof(TrainingRecipe)).Properties.Select(property => property.Name).ToArray();
        if (file.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.Ordinal)) is { } unknown)
            throw new ReplicationException(
                $"{path}: a training recipe has no key '{unknown}'; there are {string.Join(", ", known)}.{Suggestion.For(unknown, known)}");
        try
        {
            return Json.FromNode<TrainingRecipe>(Json.Node(file)).Validate();
        }
        catch (JsonException e)
        {
            throw new ReplicationException(
                $"{path}: the value of '{e.Path?.TrimStart('$', '.')}' cannot be used ({e.Message.Split(" Path:")[0].TrimEnd('.')}).",
                inner: e);
        }
    }
}
