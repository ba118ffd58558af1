using System.Formats.Tar;
using System.IO.Compression;

namespace Replication.Tests.Glue;

/// <summary>A folder as a tar.gz, as data sets are handed out.</summary>
internal static class TestArchive
{
    public static void Write(string folder, string root, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var zip = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        using var tar = new TarWriter(zip);
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            tar.WriteEntry(file, $"{root}/{Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')}");
    }
}
