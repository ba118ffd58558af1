using System.Text;

namespace Replication.CommandLine;

/// <summary>The process's own streams.</summary>
internal static class StandardStreams
{
    /// <summary>Standard output; where it cannot be written, one sentence says so.</summary>
    public static TextWriter Output()
    {
        // Set as the console's, by which libraries know that they write to it.
        Console.SetOut(Writer(new GuardedOutput(Console.OpenStandardOutput(), CannotWrite)));
        return Console.Out;
    }

    /// <summary>Standard error; there is nobody left to tell that it cannot be written.</summary>
    public static TextWriter Error()
    {
        Console.SetError(Writer(new GuardedOutput(Console.OpenStandardError(), _ => null)));
        return Console.Error;
    }

    /// <summary>
    /// Standard input. What is typed comes in the terminal's encoding, which is not UTF-8 on many a Windows; a file or a pipe comes as it
    /// is.
    /// </summary>
    public static Stream Input() => Console.IsInputRedirected || Console.InputEncoding.CodePage == Encoding.UTF8.CodePage
        ? Console.OpenStandardInput()
        : Encoding.CreateTranscodingStream(
            Console.OpenStandardInput(), Console.InputEncoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>What is said where standard output cannot be written.</summary>
    internal static ReplicationException CannotWrite(Exception e) =>
        new($"Cannot write standard output: {e.Message.TrimEnd('.')}; send it elsewhere, or make room.", inner: e);

    private static StreamWriter Writer(Stream stream) =>
        new(stream, Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage ? new UTF8Encoding(
            encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding) { AutoFlush = true };
}
