namespace Replication.Bert;

/// <summary>
/// Python's pickle machine as far as state dicts need it. It builds dictionaries, tuples, lists, texts and numbers;
/// a call is looked up in <see cref="PickleGlobals"/> and never reaches code of the file's choosing.
/// </summary>
internal sealed class PickleMachine
{
    // BERT-large's state dict takes some 20,000.
    private const int MaxInstructions = 1 << 20;

    // Where a mark lies on the stack; no pickle can push one by other means.
    private static readonly object Mark = new();

    private readonly PickleReader _reader;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];

    private PickleMachine(Stream stream) => _reader = new PickleReader(stream);

    /// <summary>Runs the pickle that begins at the stream's place, to its end.</summary>
    /// <exception cref="PickleException">It is damaged, or asks for what a state dict does not need.</exception>
    public static object? Run(Stream stream)
    {
        var machine = new PickleMachine(stream);
        for (var instruction = 0; instruction < MaxInstructions; instruction++)
        {
            var opcode = (PickleOpcode)machine._reader.Byte();
            if (opcode == PickleOpcode.Stop)
                return machine.Pop();
            machine.Step(opcode);
        }
        throw new PickleException("it is longer than any state dict");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol: _reader.Byte(); break;
            case PickleOpcode.Frame: _reader.Int64(); break;
            case PickleOpcode.Mark: Push(Mark); break;
            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.True: Push(true); break;
            case PickleOpcode.False: Push(false); break;
            case PickleOpcode.BinInt: Push((long)_reader.Int32()); break;
            case PickleOpcode.BinInt1: Push((long)_reader.Byte()); break;
            case PickleOpcode.BinInt2: Push((long)_reader.UInt16()); break;
            case PickleOpcode.Long1: Push(_reader.Long(_reader.Byte())); break;
            case PickleOpcode.BinUnicode: Push(_reader.Text((uint)_reader.Int32())); break;
            case PickleOpcode.ShortBinUnicode: Push(_reader.Text(_reader.Byte())); break;
            case PickleOpcode.EmptyDictionary: Push(new PickleDictionary()); break;
            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: Push(Pop(1)); break;
            case PickleOpcode.Tuple2: Push(Pop(2)); break;
            case PickleOpcode.Tuple3: Push(Pop(3)); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.BinPut: Memoize(_reader.Byte()); break;
            case PickleOpcode.LongBinPut: Memoize((uint)_reader.Int32()); break;
            case PickleOpcode.Memoize: Memoize(_memo.Count); break;
            case PickleOpcode.BinGet: Push(Recall(_reader.Byte())); break;
            case PickleOpcode.LongBinGet: Push(Recall((uint)_reader.Int32())); break;
            case PickleOpcode.Global: Push(PickleGlobals.Named(_reader.Line(), _reader.Line())); break;
            case PickleOpcode.StackGlobal: Push(StackGlobal(Pop(2))); break;
            case PickleOpcode.PersistentId: Push(PickleGlobals.Storage(Pop())); break;
            case PickleOpcode.Reduce: Push(Reduce(Pop(2))); break;
            case PickleOpcode.Build: Build(Pop()); break;
            case PickleOpcode.SetItem: SetItems(Pop(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.Append: Append(Pop(1)); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            default: throw new PickleException($"it uses the instruction 0x{(byte)opcode:x2}, for which weights have no use");
        }
    }

    private static object Reduce(object?[] call) => PickleGlobals.Call(call[0], call[1]);

    private static PickleGlobal StackGlobal(object?[] names) => names is [string module, string name]
        ? PickleGlobals.Named(module, name)
        : throw new PickleException("it refers to a name that is not a text");

    // A state dict carries the versions of its modules as an attribute; nothing here needs them.
    private void Build(object? state)
    {
        if (Top() is not PickleDictionary || state is not PickleDictionary)
            throw new PickleException("it sets attributes of something that is not a state dict");
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not PickleDictionary dictionary || items.Length % 2 != 0)
            throw new PickleException("it puts items into something that is not a dictionary");
        for (var i = 0; i < items.Length; i += 2)
            dictionary.Items.Add((items[i], items[i + 1]));
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list)
            throw new PickleException("it appends to something that is not a list");
        list.AddRange(items);
    }

    private void Memoize(long key) => _memo[key] = Top();

    private object? Recall(long key) =>
        _memo.TryGetValue(key, out var value) ? value : throw new PickleException($"it recalls value {key}, which it never kept");

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > 0 ? _stack[^1] : throw new PickleException("it takes a value where there is none");

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        if (_stack.Count < count)
            throw new PickleException("it takes a value where there is none");
        var values = _stack[^count..].ToArray();
        if (values.Contains(Mark))
            throw new PickleException("it takes a mark for a value");
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw new PickleException("it looks for a mark that it never set");
        var values = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }
}
