// Labels texts with an exported model: classify FOLDER [TEXT], or a text a line on standard input.
using System.Globalization;
using Replication;
using Replication.Inference;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: classify FOLDER [TEXT]    (without TEXT: a text a line on standard input)");
    return ReplicationException.UsageError;
}
try
{
    using var classifier = BertClassifier.Open(args[0]);
    if (args.Length == 2)
        Write(classifier.Predict(args[1]));
    else
        await foreach (var prediction in classifier.PredictAsync(Lines()))
            Write(prediction);
    return 0;
}
catch (ReplicationException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return e.ExitCode;
}

static void Write(Prediction prediction) => Console.WriteLine(
    prediction.Score is null
        ? string.Create(CultureInfo.InvariantCulture, $"{prediction.Label}\t{prediction.Probabilities.Max():0.0000}")
        : prediction.Label);

// Not Console.In, which blocks until the next line is there: the answer to this one would wait for it.
static async IAsyncEnumerable<TextInput> Lines()
{
    using var input = new StreamReader(Console.OpenStandardInput());
    while (await input.ReadLineAsync() is { } line)
        yield return line;
}
