using System.Globalization;
using System.Text.Json.Nodes;
using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Runs;

/// <summary>Where a stopped run resumes: tensors by name, and the rest of its state as JSON.</summary>
/// <param name="Tensors">On the CPU; freed with the checkpoint.</param>
/// <param name="State">As it was saved.</param>
public sealed record Checkpoint(IReadOnlyDictionary<string, Tensor> Tensors, JsonNode State) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}

/// <summary>
/// A run's checkpoints, two at most, safe against a stop at any byte. A checkpoint is "n.safetensors", brought to the disk
/// first, and "n.json" with its digest and the state, renamed into place last. Tensors without a state are the rest
/// of an interrupted save; a checkpoint that is whole and cannot be used is damaged: a warning says so, and the one before it is used.
/// </summary>
public sealed class CheckpointStore
{
    private const string StateEnding = ".json", TensorEnding = ".safetensors";

    private readonly string _folder;
    private readonly Action? _beforeSave;
    private readonly Action<string>? _warn;
    private long? _sound;

    /// <summary>Opens the checkpoints of a folder, which need not be there yet.</summary>
    /// <param name="folder">A folder that holds nothing else.</param>
    /// <param name="beforeSave">Called before each save, to bring to the disk what the checkpoint relies on.</param>
    /// <param name="warn">Is told of checkpoints that cannot be used.</param>
    public CheckpointStore(string folder, Action? beforeSave = null, Action<string>? warn = null) =>
        (_folder, _beforeSave, _warn) = (folder, beforeSave, warn);

    /// <summary>Saves a checkpoint; the one before it stays until the next save.</summary>
    /// <exception cref="ReplicationException">The disk is full or cannot be written; the older checkpoint is still there.</exception>
    public void Save(IReadOnlyDictionary<string, Tensor> tensors, JsonNode state)
    {
        _beforeSave?.Invoke();
        var numbers = Numbers();
        // Room for the new one. What has not been read back may be the only sound one, so it stays.
        if (_sound is { } sound)
            Delete(numbers.Where(n => n != sound));
        var number = numbers.DefaultIfEmpty(0).Max() + 1;
        SafetensorsWriter.Write(TensorPath(number), tensors.Select(t => (t.Key, t.Value)));
        AtomicFile.WriteText(
            StatePath(number), Json.Text(new SavedState(Digest.OfFile(TensorPath(number)), Digest.OfText(state.ToJsonString()), state)));
        Delete(Numbers().Where(n => n != number).OrderDescending().Skip(1));
        _sound = number;
    }

    /// <summary>The newest checkpoint that is intact and of use; null where there is none.</summary>
    /// <param name="use">Takes from a checkpoint what a run resumes from, and throws where it cannot; the one before it is then tried. Null
    /// to take any.</param>
    public Checkpoint? TryLoad(Action<Checkpoint>? use = null)
    {
        var isDamaged = false;
        foreach (var number in Numbers().OrderDescending().Where(n => File.Exists(StatePath(n))))
        {
            if (TryLoad(number, use) is not { } checkpoint)
            {
                isDamaged = true;
                continue;
            }
            _sound = number;
            return checkpoint;
        }
        if (isDamaged)
            _warn?.Invoke($"no checkpoint in {_folder} can be used, so the run begins anew");
        return null;
    }

    /// <summary>Deletes all checkpoints, at the end of a run.</summary>
    public void DeleteAll()
    {
        if (Directory.Exists(_folder))
            StorageFailure.Explain(
                "Cannot delete the checkpoints in", _folder, () => { Directory.Delete(_folder, recursive: true); return true; });
        _sound = null;
    }

    // Whatever is wrong with it, the one before it may be sound.
    private Checkpoint? TryLoad(long number, Action<Checkpoint>? use)
    {
        Checkpoint? checkpoint = null;
        try
        {
            checkpoint = Load(number);
            use?.Invoke(checkpoint);
            return checkpoint;
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            checkpoint?.Dispose();
            _warn?.Invoke($"the checkpoint {StatePath(number)} cannot be used: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    private Checkpoint Load(long number)
    {
        var saved = Json.Read<SavedState>(StatePath(number));
        if (saved.Digest != Digest.OfText(saved.State.ToJsonString()))
            throw new ReplicationException("its state is not the one that was saved.");
        if (saved.Tensors != Digest.OfFile(TensorPath(number)))
            throw new ReplicationException($"{TensorPath(number)} is not the file that was saved with it.");
        using var file = SafetensorsFile.Open(TensorPath(number));
        return new Checkpoint(file.Tensors.Keys.ToDictionary(name => name, file.Read, StringComparer.Ordinal), saved.State);
    }

    // Numbers with a part on the disk; unfinished files end in ".partial" and do not count.
    private IReadOnlyList<long> Numbers() => !Directory.Exists(_folder)
        ? []
        : [.. Directory.EnumerateFiles(_folder)
            .Where(f => f.EndsWith(StateEnding, StringComparison.Ordinal) || f.EndsWith(TensorEnding, StringComparison.Ordinal))
            .Select(f =>
                long.TryParse(Path.GetFileNameWithoutExtension(f), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n > 0)
            .Distinct()];

    // The state goes first: without it the tensors do not count.
    private void Delete(IEnumerable<long> numbers)
    {
        foreach (var number in numbers.ToArray())
        {
            StorageFailure.Explain("Cannot delete an old checkpoint in", _folder, () =>
            {
                File.Delete(StatePath(number));
                File.Delete(TensorPath(number));
                return true;
            });
        }
    }

    private string StatePath(long number) => Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture) + StateEnding);

    private string TensorPath(long number) => Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture) + TensorEnding);

    private sealed record SavedState(string Tensors, string Digest, JsonNode State);
}
