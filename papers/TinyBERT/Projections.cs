using System.Runtime.InteropServices;
using Replication.Bert;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>
/// W_e and W_h, which bring the student's embeddings and hidden states to the teacher's width. Learnt with the student, and discarded
/// with the teacher.
/// </summary>
public sealed class Projections : IDisposable
{
    private readonly SortedDictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly bool _shared;

    /// <summary>Creates matrices drawn from <paramref name="seed"/>.</summary>
    /// <param name="student">The student's geometry.</param>
    /// <param name="teacherWidth">The teacher's hidden size.</param>
    /// <param name="shared">One matrix with bias for both, as in the authors' code; otherwise two without.</param>
    /// <param name="seed">Seed of the first values, N(0, initializer range squared).</param>
    /// <param name="device">Their device.</param>
    public Projections(BertConfig student, int teacherWidth, bool shared, long seed, Device device)
    {
        _shared = shared;
        foreach (var name in shared ? (string[])["fit_dense.weight"] : ["W_e.weight", "W_h.weight"])
            Add(name, [teacherWidth, student.HiddenSize], device, new RandomStream(seed, "projection " + name), student.InitializerRange);
        if (shared)
            Add("fit_dense.bias", [teacherWidth], device, null, 0);
    }

    /// <summary>The matrices by name.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Parameters => [.. _parameters.Select(p => ("projection." + p.Key, p.Value))];

    /// <summary>E^S W_e, [..., teacher's hidden].</summary>
    public Tensor Embedding(Tensor states) => _shared ? Fit(states) : nn.functional.linear(states, _parameters["W_e.weight"]);

    /// <summary>H^S W_h, [..., teacher's hidden].</summary>
    public Tensor Hidden(Tensor states) => _shared ? Fit(states) : nn.functional.linear(states, _parameters["W_h.weight"]);

    /// <summary>Writes them beside a model.</summary>
    public void Save(string path) => SafetensorsWriter.Write(path, _parameters.Select(p => (p.Key, (Tensor)p.Value)));

    /// <summary>Continues from matrices that another stage has written.</summary>
    /// <exception cref="ReplicationException">The file holds others.</exception>
    public void Load(string path)
    {
        using var noGrad = no_grad();
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, value) in _parameters)
        {
            using var stored = file.Read(name);
            value.copy_(stored);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
            parameter.Dispose();
    }

    private Tensor Fit(Tensor states) => nn.functional.linear(states, _parameters["fit_dense.weight"], _parameters["fit_dense.bias"]);

    private void Add(string name, long[] shape, Device device, RandomStream? random, double range)
    {
        using var scope = NewDisposeScope();
        var values = zeros(shape);
        if (random is not null)
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(values.bytes))
                value = (float)(range * random.NextNormal());
        }
        _parameters[name] = (Parameter)new Parameter(values.to(device), requires_grad: true).DetachFromDisposeScope();
    }
}
