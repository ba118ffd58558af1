using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Replication.Tools.Killing;

/// <summary>A disk of its own in memory, mounted over a folder until it is disposed; Linux only, for users who may mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Size = 64 << 20;
    private const string Ballast = ".ballast";

    private static readonly Lazy<string?> Trouble = new(Try);
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Obstacle => Trouble.Value;

    /// <summary>Mounts one.</summary>
    public static SmallDisk Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        return Call("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={Size},mode=700"), "tmpfs",
            folder) is { } trouble
            ? throw new InvalidOperationException(trouble)
            : new SmallDisk(folder);
    }

    /// <summary>Fills it but for some bytes.</summary>
    public void Fill(long but)
    {
        var bytes = new DriveInfo(_folder).AvailableFreeSpace - but;
        using var file = new FileStream(Path.Combine(_folder, Ballast), FileMode.Create);
        var block = new byte[1 << 16];
        for (; bytes > 0; bytes -= block.Length)
            file.Write(block, 0, (int)Math.Min(bytes, block.Length));
    }

    /// <summary>Frees it.</summary>
    public void Free() => File.Delete(Path.Combine(_folder, Ballast));

    /// <summary>Makes it read-only, or writable again.</summary>
    public void SetReadOnly(bool isReadOnly)
    {
        if (Call("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _folder) is { } trouble)
            throw new InvalidOperationException(trouble);
    }

    /// <inheritdoc/>
    public void Dispose() => Call("umount", _folder);

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
            return "needs Linux";
        if (!Environment.IsPrivilegedProcess)
            return "needs root";
        var folder = Directory.CreateTempSubdirectory("disk-").FullName;
        try
        {
            using var disk = Mount(folder);
            disk.SetReadOnly(true);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"needs the right to mount ({e.Message})";
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    // What it complains of; null where it succeeds.
    private static string? Call(string program, params string[] words)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program}: {error.Trim().Split('\n')[0]}";
        }
        catch (Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }
}
