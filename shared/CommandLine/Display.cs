using System.Text.Json;
using Replication.Runs;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>Standard output in the way the user asked for: text, nothing but results, or JSON lines.</summary>
/// <param name="host">The streams.</param>
/// <param name="quiet">Results only.</param>
/// <param name="json">JSON lines.</param>
internal sealed class Display(CommandLineHost host, bool quiet, bool json)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <summary>Whether output is JSON.</summary>
    public bool IsJson => json;

    /// <summary>Says something on the way; not a result.</summary>
    public void Say(string text)
    {
        if (!quiet && !json)
            host.Write(host.Output, ShownText.Lines(text));
    }

    /// <summary>A line of a result as text; for what the JSON holds elsewhere.</summary>
    public void Text(string text)
    {
        if (!json)
            host.Write(host.Output, ShownText.Lines(text));
    }

    /// <summary>A line of a result, as text or as a JSON object.</summary>
    public void Result<T>(string text, T value)
    {
        Json(value);
        Text(text);
    }

    /// <summary>A table as text, or an object as JSON.</summary>
    public void Result<T>(Func<Table> table, T value)
    {
        Json(value);
        Table(table);
    }

    /// <summary>A table as text; for what the JSON holds elsewhere.</summary>
    public void Table(Func<Table> table)
    {
        if (!json)
            host.Terminal().Write(table());
    }

    /// <summary>An object as JSON; for what the text holds elsewhere.</summary>
    public void Json<T>(T value)
    {
        if (json)
            host.Output.WriteLine(JsonSerializer.Serialize(value, Replication.Json.Compact));
    }

    /// <summary>An empty table with headings; numbers are set flush right.</summary>
    public Table Table(params (string Heading, bool IsNumber)[] columns)
    {
        var table = new Table { Border = host.IsTerminal ? TableBorder.Simple : TableBorder.None };
        foreach (var (heading, isNumber) in columns)
            table.AddColumn(new TableColumn(new Text(heading)) { Alignment = isNumber ? Justify.Right : Justify.Left });
        return table;
    }

    /// <summary>Does work whose progress is shown: redrawn on a terminal, else as lines.</summary>
    /// <param name="work">The work.</param>
    /// <param name="forecast">Time left of the plan that its runs are of; null where there is none.</param>
    public T Watch<T>(Func<IRunProgress, T> work, PlanForecast? forecast = null) =>
        WatchAsync(progress => Task.FromResult(work(progress)), forecast).GetAwaiter().GetResult();

    /// <inheritdoc cref="Watch"/>
    public async Task<T> WatchAsync<T>(Func<IRunProgress, Task<T>> work, PlanForecast? forecast = null)
    {
        try
        {
            return await work(Progress(forecast));
        }
        finally
        {
            host.LiveLine?.Erase();
        }
    }

    private IRunProgress Progress(PlanForecast? forecast)
    {
        if (quiet)
            return new QuietProgress();
        if (json)
            return new JsonProgress(host.Output, host.Clock, LineInterval);
        return host.LiveLine is { } line
            ? new LiveProgress(host, line, forecast)
            : new PlainProgress(host.Output, host.Clock, LineInterval, forecast);
    }
}
