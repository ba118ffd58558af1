using System.Collections.Concurrent;

namespace Replication;

/// <summary>Remembers values that are costly to make, such as a tokenised task, for as long as its owner lives.</summary>
public sealed class Cache
{
    private readonly ConcurrentDictionary<string, Lazy<object>> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a key, made at the first call. A failure is not remembered.</summary>
    public T GetOrMake<T>(string key, Func<T> make)
        where T : notnull
    {
        try
        {
            return (T)_values.GetOrAdd(key, _ => new Lazy<object>(() => make())).Value;
        }
        catch
        {
            _values.TryRemove(key, out _);
            throw;
        }
    }
}
