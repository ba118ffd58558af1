using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Replication;

/// <summary>Finds a null in a list or dictionary whose type says that it holds none; the serializer looks at properties alone.</summary>
internal static class NullElements
{
    /// <summary>The value itself, where nothing in it is null against its type.</summary>
    /// <exception cref="JsonException">Something is; the message says where.</exception>
    public static T Refuse<T>(T value)
    {
        Visit(value, null, "$", new NullabilityInfoContext());
        return value;
    }

    // A type without annotations, such as the whole file's, is taken to hold no nulls.
    private static void Visit(object? value, NullabilityInfo? type, string place, NullabilityInfoContext context)
    {
        switch (value)
        {
            case null when type is null or { ReadState: NullabilityState.NotNull }:
                throw new JsonException($"{place} is null");
            case null or string or JsonNode:
                return;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                    Visit(entry.Value, type?.GenericTypeArguments.LastOrDefault(), $"{place}.{entry.Key}", context);
                return;
            case IEnumerable list when IsOfReferences(value.GetType()):
                var index = 0;
                foreach (var element in list)
                    Visit(element, type?.ElementType ?? type?.GenericTypeArguments.LastOrDefault(),
                        FormattableString.Invariant($"{place}[{index++}]"), context);
                return;
        }
        if (value.GetType().Assembly.GetName().Name?.StartsWith(nameof(Replication), StringComparison.Ordinal) != true)
            return;
        foreach (var property in value.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
            Visit(property.GetValue(value), context.Create(property), $"{place}.{property.Name}", context);
    }

    // Numbers are never null, and there may be many.
    private static bool IsOfReferences(Type list) =>
        !(list.GetElementType() ?? list.GenericTypeArguments.LastOrDefault() ?? typeof(object)).IsValueType;
}
