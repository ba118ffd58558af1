using System.CommandLine;
using System.Globalization;
using Replication.Glue;
using Replication.Runs;
using Spectre.Console;

namespace Replication.CommandLine.Verbs;

/// <summary>data: what is here and what is missing; data fetch NAME...: downloads.</summary>
internal static class DataVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("data", "Show what data and models are here, from where, and what is missing.") { CreateFetch(context) };
        command.SetAction(parse =>
        {
            var display = context.Display(parse);
            var items = DataStatus.Survey(context.DataFolders(parse));
            display.Result(() => ToTable(display, items), new { Event = "data", Items = items });
            foreach (var item in items.Where(i => i.Needs is not null))
                display.Say($"{item.Name}: {item.Needs}");
            return items.Any(i => i.State == DataState.Refused) ? ReplicationException.Failure : 0;
        });
        return command;
    }

    private static Command CreateFetch(VerbContext context)
    {
        var names = new Argument<string[]>(
            "name") { Description = "Data sets or models, as 'data' lists them.", HelpName = "name", Arity = ArgumentArity.OneOrMore };
        var fetch = new Command(
            "fetch", "Download data sets or models, into data/downloads or the folder that --data names, which is made; interrupted "
            + "downloads resume. HF_ENDPOINT names a mirror of the hub, HTTPS_PROXY a proxy, SSL_CERT_FILE the certificates to trust.") {
            names };
        fetch.SetAction((parse, cancellation) => Task.Run(async () =>
        {
            var display = context.Display(parse);
            var chosen = parse.GetRequiredValue(names);
            // Before anything is made or fetched.
            Array.ForEach(chosen, DataStatus.CheckName);
            var folders = context.DownloadFolders(parse);
            if (folders.Given is { } given)
                display.Say($"Downloads go to {given}.");
            var hub = Hub.Of(context.Host.Variable);
            using var handler = HubConnection.Open(context.Host.Variable);
            using var downloader = new Downloader(
                folders.Downloads, handler, context.Host.Clock, new RandomStream(Environment.ProcessId, "download pauses"),
                note: display.Say);
            foreach (var name in chosen)
            {
                var lines = await display.WatchAsync(
                    progress => DataStatus.FetchAsync(name, folders, hub, downloader, new DownloadView(progress), cancellation));
                foreach (var line in lines.DefaultIfEmpty($"Nothing of {name} is missing."))
                    display.Result(line, new { Event = "fetched", Name = name, Text = line });
            }
            return 0;
        }));
        return fetch;
    }

    private static Table ToTable(Display display, IReadOnlyList<DataItem> items)
    {
        var table = display.Table(("name", false), ("kind", false), ("state", false), ("MB", true), ("where", false));
        foreach (var item in items)
        {
            table.AddRow(
                new Text(item.Name), new Text(item.Kind), new Text(item.State.ToString().ToLowerInvariant()),
                new Text(item.Bytes == 0 ? "" : (item.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)),
                new Text(item.Location ?? ""));
        }
        return table;
    }

    // A download as a run: one file after the other.
    private sealed class DownloadView(IRunProgress progress) : IProgress<DownloadProgress>
    {
        private string? _name;

        public void Report(DownloadProgress value)
        {
            if (_name != value.Name)
                progress.Begin(value.Name, value.Total ?? 0, 0, "bytes");
            _name = value.Name;
            progress.Advance(value.Bytes);
        }
    }
}
