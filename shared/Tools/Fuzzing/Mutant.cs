namespace Replication.Tools.Fuzzing;

/// <summary>One damaged set of files, a pure function of seed, target and number.</summary>
/// <param name="Files">What the reader is given.</param>
/// <param name="Changed">The file that was changed.</param>
/// <param name="IsResealed">Whether digests were made to fit.</param>
internal sealed record Mutant(FileSet Files, string Changed, bool IsResealed)
{
    /// <summary>Makes a mutant.</summary>
    public static Mutant Of(FuzzTarget target, FileSet sound, long seed, long number)
    {
        var random = new RandomStream(seed, "fuzz " + target.Name, number);
        var names = sound.Names;
        var name = names[random.NextInt32(names.Count)];
        var content = Mutator.Change(sound[name], sound[names[random.NextInt32(names.Count)]], random);
        return new Mutant(sound.With(name, content), name, target.Reseal is not null && random.NextInt32(2) == 0);
    }

    /// <summary>Writes it into a folder.</summary>
    public void Write(FuzzTarget target, string folder)
    {
        Files.Write(folder);
        if (IsResealed)
            target.Reseal!(folder);
    }
}
