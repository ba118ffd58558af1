namespace Replication.Tools.Fuzzing;

/// <summary>The files of a folder in memory, by path with forward slashes.</summary>
internal sealed class FileSet
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>The paths, in order.</summary>
    public IReadOnlyList<string> Names => [.. _files.Keys];

    /// <summary>Bytes of all.</summary>
    public long Bytes => _files.Values.Sum(file => (long)file.Length);

    /// <summary>A file's content.</summary>
    public byte[] this[string name] => _files[name];

    /// <summary>Reads a folder; the suite's locks are not content.</summary>
    public static FileSet Of(string folder)
    {
        var set = new FileSet();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetFileName(f).StartsWith('.')))
            set._files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllBytes(file);
        return set;
    }

    /// <summary>The same with one file changed.</summary>
    public FileSet With(string name, byte[] content)
    {
        var set = new FileSet();
        foreach (var (key, value) in _files)
            set._files[key] = key == name ? content : value;
        return set;
    }

    /// <summary>Makes a folder hold these files and no others.</summary>
    public void Write(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in _files)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }
}
