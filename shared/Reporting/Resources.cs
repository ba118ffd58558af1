using System.Text;

namespace Replication.Reporting;

/// <summary>Files carried in this assembly.</summary>
internal static class Resources
{
    /// <summary>A file's bytes.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} was not embedded in the assembly.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>A UTF-8 text with LF line ends.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name)).ReplaceLineEndings("\n");
}
