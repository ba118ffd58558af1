using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Replication.Inference;

/// <summary>Registers a classifier with a host's services.</summary>
public static class BertClassifierServices
{
    /// <summary>
    /// Adds one <see cref="BertClassifier"/> for all, also as <see cref="ITextClassifier"/>, and a <see cref="PredictionQueue"/>
    /// on it. The folder is opened when the first of them is asked for.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="folder">A folder that 'export --format onnx' has written.</param>
    /// <param name="configure">Sets how the classifier runs; null for the defaults.</param>
    /// <param name="configureQueue">Sets how the queue gathers texts; null for the defaults.</param>
    /// <exception cref="ReplicationException">The queue's options are out of their range; the folder is looked at later.</exception>
    public static IServiceCollection AddBertClassifier(
        this IServiceCollection services, string folder, Action<BertClassifierOptions>? configure = null,
        Action<PredictionQueueOptions>? configureQueue = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var options = new BertClassifierOptions();
        configure?.Invoke(options);
        var queueOptions = new PredictionQueueOptions();
        configureQueue?.Invoke(queueOptions);
        queueOptions.Validate();
        services.AddSingleton(provider => BertClassifier.Open(folder, options, (IMeterFactory?)provider.GetService(typeof(IMeterFactory))));
        services.AddSingleton<ITextClassifier>(provider => provider.GetRequiredService<BertClassifier>());
        services.AddSingleton(provider => new PredictionQueue(provider.GetRequiredService<ITextClassifier>(), queueOptions));
        return services;
    }
}
