using System.Text;

namespace Replication.CommandLine;

/// <summary>Writes to a stream that a terminal shows, after the <see cref="LiveLine"/> was taken away.</summary>
/// <param name="stream">Standard output or standard error.</param>
/// <param name="line">The line.</param>
internal sealed class ErasingWriter(TextWriter stream, LiveLine line) : TextWriter(stream.FormatProvider)
{
    public override Encoding Encoding => stream.Encoding;

    public override void Write(char value) => line.Without(() => stream.Write(value));

    public override void Write(char[] buffer, int index, int count) => line.Without(() => stream.Write(buffer, index, count));

    public override void Write(string? value) => line.Without(() => stream.Write(value));

    public override void WriteLine(string? value) => line.Without(() => stream.WriteLine(value));

    public override void Flush() => stream.Flush();
}
