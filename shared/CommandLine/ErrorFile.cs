using System.Security.Cryptography;
using System.Text;

namespace Replication.CommandLine;

/// <summary>The file that keeps the details of an unforeseen error.</summary>
internal static class ErrorFile
{
    /// <summary>
    /// Writes a file of a name that nobody can guess, for its owner alone; it follows no link, since it must not be there before.
    /// </summary>
    /// <returns>Its path; null where it cannot be written.</returns>
    public static string? Write(string folder, DateTimeOffset time, string text)
    {
        var path = Path.Combine(
            folder, FormattableString.Invariant(
            $"replication-error-{time:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.txt"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes(text));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
