using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Replication.Inference;

namespace Replication.Samples;

/// <summary>A text to label.</summary>
/// <param name="Text">First or only sentence.</param>
/// <param name="Second">Second sentence; null for none.</param>
internal sealed record ClassifyRequest(string? Text, string? Second = null);

/// <summary>What the model says.</summary>
/// <param name="Label">The most probable class, or the score.</param>
/// <param name="Probabilities">By class; empty for a model that gives scores.</param>
internal sealed record ClassifyResponse(string Label, IReadOnlyDictionary<string, double> Probabilities);

/// <summary>Why there is no answer.</summary>
internal sealed record ClassifyError(string Error);

/// <summary>JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClassifyRequest))]
[JsonSerializable(typeof(ClassifyResponse))]
[JsonSerializable(typeof(ClassifyError))]
internal sealed partial class ServiceJson : JsonSerializerContext;

/// <summary>
/// POST /classify labels a text, in a batch with whoever asks at the same time; GET /health answers once the model does.
/// Bodies and texts have limits, and what is too much is refused at once.
/// </summary>
internal static class ClassifierService
{
    private const int MostBytes = 64 << 10, MostCharacters = 20_000;

    /// <summary>Builds the service.</summary>
    /// <exception cref="ReplicationException">No folder is named, or it holds no exported model.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var folder = builder.Configuration["model"]
            ?? throw new ReplicationException("Name the folder of an exported model with --model.", ReplicationException.UsageError);
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = MostBytes);
        builder.Services.AddMetrics();
        builder.Services.AddBertClassifier(folder, options => options.MaxCharacters = MostCharacters);
        builder.Services.ConfigureHttpJsonOptions(
            options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default));
        var service = builder.Build();
        // What is wrong with the folder is said at the start, not to the first caller.
        var labels = service.Services.GetRequiredService<BertClassifier>().Labels;
        service.MapGet("/health", Results<Ok, JsonHttpResult<ClassifyError>> (BertClassifier classifier) =>
        {
            classifier.Predict("healthy");
            return TypedResults.Ok();
        });
        service.MapPost(
            "/classify", (ClassifyRequest request, PredictionQueue queue, CancellationToken gone) => ClassifyAsync(
            request, labels, queue, gone));
        return service;
    }

    private static async Task<Results<Ok<ClassifyResponse>, JsonHttpResult<ClassifyError>>> ClassifyAsync(
        ClassifyRequest request, IReadOnlyList<string> labels, PredictionQueue queue, CancellationToken gone)
    {
        if (request.Text is null)
            return Refuse("The body needs a text.", StatusCodes.Status400BadRequest);
        try
        {
            var prediction = await queue.PredictAsync(new TextInput(request.Text, request.Second), gone);
            return TypedResults.Ok(new ClassifyResponse(
                prediction.Label, labels.Zip(prediction.Probabilities).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)));
        }
        catch (ReplicationException e)
        {
            return Refuse(e.Message, StatusCodes.Status400BadRequest);
        }
        catch (QueueFullException e)
        {
            return Refuse(e.Message, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static JsonHttpResult<ClassifyError> Refuse(string sentence, int status) =>
        TypedResults.Json(new ClassifyError(sentence), ServiceJson.Default.ClassifyError, statusCode: status);
}
