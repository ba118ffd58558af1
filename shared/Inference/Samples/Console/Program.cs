// Labels texts with an exported model: classify FOLDER [TEXT], or a text a line on standard input.
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Replication;
using Replication.Inference;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: classify FOLDER [TEXT]    (without TEXT: a text a line on standard input)");
    return ReplicationException.UsageError;
}
try
{
    // Not Console.Out, which on Linux and macOS goes on when nobody reads any more.
    using var output = new StreamWriter(OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0)) { AutoFlush = true };
    using var classifier = BertClassifier.Open(args[0]);
    if (args.Length == 2)
        output.WriteLine(Line(classifier.Predict(args[1])));
    else
        await foreach (var prediction in classifier.PredictAsync(Lines()))
            output.WriteLine(Line(prediction));
    return 0;
}
catch (ReplicationException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return e.ExitCode;
}
catch (IOException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

static string Line(Prediction prediction) => prediction.Score is null
    ? string.Create(CultureInfo.InvariantCulture, $"{prediction.Label}\t{prediction.Probabilities.Max():0.0000}")
    : prediction.Label;

// Not Console.In, which blocks until the next line is there: the answer to this one would wait for it.
static async IAsyncEnumerable<TextInput> Lines()
{
    using var input = new StreamReader(Console.OpenStandardInput());
    while (await input.ReadLineAsync() is { } line)
        yield return line;
}
