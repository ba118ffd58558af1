using System.Diagnostics;
using System.Globalization;

namespace Replication.Tools.Fuzzing;

/// <summary>
/// Gives a target its mutants one after the other, in a process of its own: what crashes or hangs ends this process and no other.
/// </summary>
internal static class FuzzWorker
{
    // A mutant is a few kilobytes: what computes this long on one does not end.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    // Memory of libtorch and of mapped files, which .NET does not count.
    private const long MostResident = 128 << 20;

    /// <summary>
    /// Runs mutants from a number on; writes a line "begin N" before and "refused N", "read N" or "fault N what" after each.
    /// </summary>
    public static void Run(FuzzTarget target, long seed, long from, long to, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            var sound = Prepare(target, folder);
            // What the first call loads and compiles is nobody's fault.
            Warm(target, folder, sound);
            for (var number = from; number < to; number++)
            {
                output.WriteLine(FormattableString.Invariant($"begin {number}"));
                output.Flush();
                output.WriteLine(Try(target, Mutant.Of(target, sound, seed, number), folder) is var result && result.Length > 0
                    ? FormattableString.Invariant($"{result.Split(' ')[0]} {number} {string.Join(' ', result.Split(' ').Skip(1))}")
                    : "");
            }
            output.Flush();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The sound files of a target.</summary>
    public static FileSet Prepare(FuzzTarget target, string scratch)
    {
        var folder = Path.Combine(scratch, "sound");
        Directory.CreateDirectory(folder);
        target.Prepare(folder);
        return FileSet.Of(folder);
    }

    /// <summary>Reads a mutant: "read", "refused", or "fault" and what went wrong.</summary>
    public static string Try(FuzzTarget target, Mutant mutant, string scratch)
    {
        var folder = Path.Combine(scratch, "mutant");
        mutant.Write(target, folder);
        var (allocated, resident, time) =
            (GC.GetTotalAllocatedBytes(), Environment.WorkingSet, Process.GetCurrentProcess().TotalProcessorTime);
        var result = Read(target, folder);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        var spent = Process.GetCurrentProcess().TotalProcessorTime - time;
        if (allocated > target.Most(mutant.Files.Bytes))
            return string.Create(
                CultureInfo.InvariantCulture, $"fault {allocated} bytes were allocated for {mutant.Files.Bytes} ({mutant.Changed})");
        if (Environment.WorkingSet - resident > MostResident)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"fault {Environment.WorkingSet - resident} bytes of memory were taken for {mutant.Files.Bytes} ({mutant.Changed})");
        if (spent > MostTime)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"fault {spent.TotalSeconds:0} s were computed for {mutant.Files.Bytes} bytes ({mutant.Changed})");
        return result.StartsWith("fault", StringComparison.Ordinal) ? $"{result} ({mutant.Changed})" : result;
    }

    private static void Warm(FuzzTarget target, string scratch, FileSet sound)
    {
        var folder = Path.Combine(scratch, "mutant");
        for (var call = 0; call < 2; call++)
        {
            sound.Write(folder);
            target.Reseal?.Invoke(folder);
            if (Read(target, folder) is var result && result != "read" && !target.HoldsRefused)
                throw new InvalidOperationException($"{target.Name} does not read its sound files: {result}");
        }
    }

    private static string Read(FuzzTarget target, string folder)
    {
        try
        {
            target.Read(folder);
            return "read";
        }
        catch (ReplicationException)
        {
            return "refused";
        }
        catch (Exception e)
        {
            return $"fault {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {Place(e)}";
        }
    }

    // The first frame of the suite's own tells readers apart.
    private static string Place(Exception e) => e.StackTrace?.Split('\n').Select(line => line.Trim())
        .FirstOrDefault(
            line => line.StartsWith("at Replication.", StringComparison.Ordinal)
            && !line.Contains("Replication.Tools", StringComparison.Ordinal))?.Split(" in ")[0] ?? "";
}
