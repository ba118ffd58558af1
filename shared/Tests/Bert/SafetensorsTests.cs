using System.Text;
using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

public sealed class SafetensorsTests
{
    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Int64)]
    [TestCase(ScalarType.Byte)]
    public void Write_ThenRead_GivesTheSameTensor(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(TestFolder.Create(), "file.safetensors");
        var value = (rand(3, 5, 2) * 100).to(type).transpose(0, 1);

        SafetensorsWriter.Write(path, [("a", value), ("scalar", tensor(3.5f)), ("empty", zeros(0, 4))]);
        using var file = SafetensorsFile.Open(path);

        Assert.That(GoldenModel.AreEqual(file.Read("a"), value), Is.True);
        Assert.That(file.Tensors["a"].Type, Is.EqualTo(type));
        Assert.That(file.Read("scalar").item<float>(), Is.EqualTo(3.5f));
        Assert.That(file.Read("empty").shape, Is.EqualTo(new long[] { 0, 4 }));
    }

    [Test]
    [Category("Golden")]
    [TestCase("bert_mlm/model.safetensors")]
    [TestCase("bert_bf16/model.safetensors")]
    public void Write_TensorsOfAReferenceFile_GivesItsBytes(string golden)
    {
        using var scope = NewDisposeScope();
        var source = GoldenFiles.Require(golden);
        var path = Path.Combine(TestFolder.Create(), "copy.safetensors");

        SafetensorsWriter.Write(path, GoldenModel.Read(source).Reverse().Select(t => (t.Key, t.Value)));

        Assert.That(Digest.OfFile(path), Is.EqualTo(Digest.OfFile(source)));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
        TestName = "Open_Gap_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
        TestName = "Open_Overlap_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, TestName = "Open_TrailingBytes_AreRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, TestName = "Open_NegativeDimension_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, TestName = "Open_ShapeAndBytesDiffer_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4,
        TestName = "Open_ShapeOverflows_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,4]}}""", 4,
        TestName = "Open_EmptyShapeWithBytes_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, TestName = "Open_ShapeMissing_IsRefused")]
    [TestCase("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4, TestName = "Open_TypeIsANumber_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, TestName = "Open_FractionalDimension_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, TestName = "Open_OneOffset_IsRefused")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        TestName = "Open_NameTwice_IsRefused")]
    [TestCase("""[1]""", 0, TestName = "Open_HeaderIsAList_IsRefused")]
    [TestCase("""{"a":""", 0, TestName = "Open_HeaderBreaksOff_IsRefused")]
    public void Open_FileThatLies_IsRefused(string header, int dataBytes)
    {
        var path = Path.Combine(TestFolder.Create(), "file.safetensors");
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[dataBytes]]);

        Assert.That(() => SafetensorsFile.Open(path), Throws.TypeOf<ReplicationException>().With.Message.StartsWith(path));
    }
}
