using System.Text;

namespace Replication.CommandLine;

/// <summary>The process's own streams.</summary>
internal static class StandardStreams
{
    /// <summary>Standard output; where it cannot be written, one sentence says so.</summary>
    public static TextWriter Output()
    {
        // Set as the console's, by which libraries know that they write to it.
        Console.SetOut(Writer(new GuardedOutput(Open(StandardDescriptors.Output, Console.OpenStandardOutput), CannotWrite)));
        return Console.Out;
    }

    /// <summary>Tells before the work what would be told by the first line of its result.</summary>
    /// <exception cref="ReplicationException">Standard output is closed or full.</exception>
    public static void TryOutput()
    {
        if (StandardDescriptors.IsClosed(StandardDescriptors.Output))
            throw new ReplicationException("Standard output is closed; send it to a file, or to /dev/null where nobody reads it.");
        TryOutput(StandardDescriptors.Output);
    }

    /// <summary>The same for any descriptor.</summary>
    internal static void TryOutput(int descriptor)
    {
        try
        {
            StandardDescriptors.TryWrite(descriptor);
        }
        catch (IOException e)
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>Standard error; there is nobody left to tell that it cannot be written.</summary>
    public static TextWriter Error()
    {
        Console.SetError(Writer(new GuardedOutput(Open(StandardDescriptors.Error, Console.OpenStandardError), _ => null)));
        return Console.Error;
    }

    /// <summary>
    /// Standard input. What is typed comes in the terminal's encoding, which is not UTF-8 on many a Windows; a file or a pipe comes as it
    /// is. Where it was closed, so that something else of the program's has its number, a stream that cannot be read.
    /// </summary>
    public static Stream Input()
    {
        if (StandardDescriptors.IsClosed(StandardDescriptors.Input))
        {
            var closed = new MemoryStream();
            closed.Dispose();
            return closed;
        }
        return Console.IsInputRedirected || Console.InputEncoding.CodePage == Encoding.UTF8.CodePage
            ? Console.OpenStandardInput()
            : Encoding.CreateTranscodingStream(
                Console.OpenStandardInput(), Console.InputEncoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>
    /// Whether a name is one of the system's for standard input. Where that was closed, something of the runtime's has its number, which
    /// may never end.
    /// </summary>
    public static bool IsInput(string name) => name is "/dev/stdin" or "/dev/fd/0" or "/proc/self/fd/0";

    /// <summary>What is said where standard output cannot be written.</summary>
    internal static ReplicationException CannotWrite(Exception e) =>
        new($"Cannot write standard output: {e.Message.TrimEnd('.')}; send it elsewhere, or make room.", inner: e);

    // What is written to a closed one would go into whatever else was opened under its number.
    private static Stream Open(int descriptor, Func<Stream> open) => StandardDescriptors.IsClosed(descriptor) ? Stream.Null : open();

    private static StreamWriter Writer(Stream stream) =>
        new(stream, Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage ? new UTF8Encoding(
            encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding) { AutoFlush = true };
}
