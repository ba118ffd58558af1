using Google.Protobuf;

namespace Replication.Runs;

/// <summary>
/// One message of an event file: TensorBoard's Event of event.proto, of which only the version line and scalars (Summary.Value with
/// simple_value) are written.
/// </summary>
/// <param name="WallTime">Seconds since 1970, UTC.</param>
/// <param name="Step">The training step.</param>
/// <param name="Tag">What is drawn, such as "train/loss"; null for the version line.</param>
/// <param name="Value">The value; not-a-number and infinities are drawn as such.</param>
internal sealed record ScalarEvent(double WallTime, long Step, string? Tag, float Value)
{
    private const string Version = "brain.Event:2";

    // Field numbers of event.proto and summary.proto.
    private const int WallTimeField = 1, StepField = 2, VersionField = 3, SummaryField = 5, ValueField = 1, TagField = 1,
        SimpleValueField = 2;

    /// <summary>The message that begins a file.</summary>
    public static ScalarEvent Start(double wallTime) => new(wallTime, 0, null, 0);

    /// <summary>The message's bytes.</summary>
    public byte[] ToBytes() => Message(output =>
    {
        output.WriteTag(WallTimeField, WireFormat.WireType.Fixed64);
        output.WriteDouble(WallTime);
        if (Tag is null)
        {
            output.WriteTag(VersionField, WireFormat.WireType.LengthDelimited);
            output.WriteString(Version);
            return;
        }
        output.WriteTag(StepField, WireFormat.WireType.Varint);
        output.WriteInt64(Step);
        Part(output, SummaryField, summary => Part(summary, ValueField, value =>
        {
            value.WriteTag(TagField, WireFormat.WireType.LengthDelimited);
            value.WriteString(Tag);
            value.WriteTag(SimpleValueField, WireFormat.WireType.Fixed32);
            value.WriteFloat(Value);
        }));
    });

    /// <summary>Time and step of a message; zeros for fields that it lacks.</summary>
    /// <exception cref="InvalidProtocolBufferException">These are not the bytes of a message.</exception>
    public static (double WallTime, long Step) TimeOf(ReadOnlyMemory<byte> message)
    {
        var input = new CodedInputStream(message.ToArray());
        var (time, step) = (0.0, 0L);
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case WallTimeField: time = input.ReadDouble(); break;
                case StepField: step = input.ReadInt64(); break;
                default: input.SkipLastField(); break;
            }
        }
        return (time, step);
    }

    private static void Part(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }
}
