using System.Net;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Tests.Glue;

public class DataStatusTests
{
    // The servers here send other files than the hub's.
    private static readonly Hub Unpinned = new(new Uri("https://hub.invalid/"), Pins.None);

    [Test]
    public void Survey_Repository_ListsEveryTaskAndModel()
    {
        var items = DataStatus.Survey(GlueFiles.Embedded().Folders).ToDictionary(item => item.Name);
        Assert.Multiple(() =>
        {
            Assert.That(items, Has.Count.EqualTo(GlueTasks.All.Count + 1 + TaskDownload.Names.Count + ModelCatalog.Known.Count));
            foreach (var name in new[] { "CoLA", "SST-2", "STS-B", "RTE", "WNLI", "minilm-l6" })
                Assert.That((items[name].State, items[name].Needs), Is.EqualTo((DataState.Present, (string?)null)), name);
            foreach (var name in new[] {
                "MRPC", "QQP", "MNLI", "QNLI", "AX", "SQuAD-1.1", "SQuAD-2.0", "RACE", "IMDb", "bert-base-uncased", "bert-large-uncased" })
                Assert.That(items[name].Needs, Does.Contain($"./reproduce.ps1 data fetch {name}").And.Contain("MB"), name);
            Assert.That(items["QQP"].State, Is.EqualTo(DataState.Missing));
            Assert.That(items["minilm-l6"].Bytes, Is.GreaterThan(45_000_000));
        });
    }

    [Test]
    public void Survey_SomeSplits_ArePartial()
    {
        using var folder = new TemporaryFolder();
        folder.Write("QNLI/dev.tsv", "x");
        var item = DataStatus.Survey(DataFolders.Of(GlueFiles.Root, folder.Path)).Single(item => item.Name == "QNLI");
        Assert.That(item.State, Is.EqualTo(DataState.Partial));
        Assert.That(item.Location, Is.EqualTo(Path.Combine(folder.Path, "QNLI")));
        Assert.That(item.Needs, Does.Contain("training set").And.Not.Contain("dev set"));
    }

    [Test]
    public void Survey_TaskBesideGlue_IsPartialOrPresent()
    {
        using var folder = new TemporaryFolder();
        folder.Write("SQuAD/dev-v2.0.json", "{}");
        folder.Write("aclImdb/train/neg/1_1.txt", "Bad.");
        folder.Write("aclImdb/train/pos/1_9.txt", "Good.");
        var items = DataStatus.Survey(DataFolders.Of(GlueFiles.Root, folder.Path)).ToDictionary(item => item.Name);
        Assert.That((items["SQuAD-2.0"].State, items["SQuAD-1.1"].State), Is.EqualTo((DataState.Partial, DataState.Missing)));
        Assert.That(items["SQuAD-2.0"].Needs, Does.StartWith("train-v2.0.json can be downloaded"));
        Assert.That((items["IMDb"].State, items["IMDb"].Location, items["IMDb"].Bytes),
            Is.EqualTo((DataState.Present, Path.Combine(folder.Path, "aclImdb"), 9L)));
    }

    [Test]
    public async Task Fetch_Task_DownloadsWhatIsMissingAndChecksItsContent()
    {
        using var folder = new TemporaryFolder();
        using var hub = new WnliHub();
        var folders = DataFolders.Of(folder.Path) with { Pins = Pins.None };
        using var downloader = new Downloader(folders.Downloads, hub, new HurriedClock(), new RandomStream(1, "jitter"));
        var lines = await DataStatus.FetchAsync("wnli", folders, Unpinned, downloader);
        Assert.That(lines, Has.Count.EqualTo(3).And.All.Contains("its content is the one pinned"));
        Assert.That(new GlueSource(folders).Load(GlueTasks.Wnli, GlueSplit.Train).Examples, Has.Count.EqualTo(635));
        Assert.That(await DataStatus.FetchAsync("WNLI", folders, Unpinned, downloader), Is.Empty);
    }

    [Test]
    public async Task Fetch_IntoAFolderThatIsNotThere_MakesItAndFindsItThereAgain()
    {
        using var folder = new TemporaryFolder();
        using var hub = new WnliHub();
        var place = folder.File("new/data");
        var folders = DataFolders.ForDownloads(folder.Path, place, variable: null) with { Pins = Pins.None };
        using var downloader = new Downloader(folders.Downloads, hub, new HurriedClock(), new RandomStream(1, "jitter"));

        Assert.That(await DataStatus.FetchAsync("WNLI", folders, Unpinned, downloader), Has.Count.EqualTo(3).And.All.StartsWith(place));
        Assert.That(new GlueSource(DataFolders.Of(folder.Path, place)).Load(GlueTasks.Wnli, GlueSplit.Dev).Source, Does.StartWith(place));
        Assert.That(await DataStatus.FetchAsync("WNLI", folders, Unpinned, downloader), Is.Empty);
    }

    [Test]
    public async Task Fetch_SplitThatHasChanged_IsRefusedUntilItsRecordIsGone()
    {
        using var folder = new TemporaryFolder();
        using var hub = new WnliHub();
        var folders = DataFolders.Of(folder.Path) with { Pins = Pins.None };
        using var downloader = new Downloader(folders.Downloads, hub, new HurriedClock(), new RandomStream(1, "jitter"));
        await DataStatus.FetchAsync("WNLI", folders, Unpinned, downloader);
        // The content is still the pinned one, so that only the record tells.
        var file = Path.Combine(folders.Downloads, "glue", "wnli", "validation-00000-of-00001.parquet");
        var record = Path.Combine(folders.Downloads, "checksums.json");
        File.WriteAllText(
            record, File.ReadAllText(record).Replace(Digest.OfFile(file), Digest.OfText("as it came"), StringComparison.Ordinal));
        var refusal = $"{file} has the sha256 {Digest.OfFile(file)} where {Digest.OfText("as it came")} was recorded in {record}";

        Assert.Multiple(() =>
        {
            Assert.That(() => new GlueSource(folders).Load(GlueTasks.Wnli, GlueSplit.Dev),
                Throws.TypeOf<ReplicationException>().With.Message.StartsWith(refusal));
            Assert.That(() => DataStatus.FetchAsync("WNLI", folders, Unpinned, downloader),
                Throws.TypeOf<ReplicationException>().With.Message.StartsWith(refusal));
            var item = DataStatus.Survey(folders).Single(item => item.Name == "WNLI");
            Assert.That(item.State, Is.EqualTo(DataState.Refused));
            Assert.That(item.Needs, Does.StartWith(refusal));
            var named = DataFolders.Of(folder.Path, data: folders.Downloads) with { Pins = Pins.None };
            Assert.That(new GlueSource(named).Load(GlueTasks.Wnli, GlueSplit.Dev).Examples, Has.Count.EqualTo(71), "the user's own folder");
        });
        File.Delete(record);
        Assert.That(new GlueSource(folders).Load(GlueTasks.Wnli, GlueSplit.Dev).Examples, Has.Count.EqualTo(71));
        Assert.That(DataStatus.Survey(folders).Single(item => item.Name == "WNLI").State, Is.EqualTo(DataState.Present));
    }

    [Test]
    public async Task Fetch_FileOfAModelThatWasDeleted_IsFetchedAgainAndNoOther()
    {
        using var folder = new TemporaryFolder();
        using var hub = new ModelHub();
        var folders = DataFolders.Of(folder.Path) with { Pins = Pins.None };
        using var downloader = new Downloader(folders.Downloads, hub, new HurriedClock(), new RandomStream(1, "jitter"));
        Assert.That(await DataStatus.FetchAsync("bert-base-uncased", folders, Unpinned, downloader), Has.Count.EqualTo(4));
        File.Delete(Path.Combine(folders.Downloads, "models", "bert-base-uncased", "vocab.txt"));

        Assert.That((await DataStatus.FetchAsync("bert-base-uncased", folders, Unpinned, downloader)).Single(),
            Does.Contain("vocab.txt").And.Contain("as recorded at the first download"));
        Assert.That(await DataStatus.FetchAsync("bert-base-uncased", folders, Unpinned, downloader), Is.Empty);
    }

    [Test]
    public void Fetch_MistypedName_SuggestsTheNearest()
    {
        using var hub = new WnliHub();
        using var downloader = new Downloader("unused", hub, new HurriedClock(), new RandomStream(1, "jitter"));
        Assert.That(() => DataStatus.FetchAsync("bert-base", GlueFiles.Embedded().Folders, Hub.Public, downloader),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("there are CoLA").And.Property("ExitCode")
                .EqualTo(ReplicationException.UsageError));
    }

    // Answers with the files of the small teacher, whatever model is asked for.
    private sealed class ModelHub : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var file = Path.Combine(GlueFiles.Root, "data", "models", "minilm-l6", Path.GetFileName(request.RequestUri!.AbsolutePath));
            return Task.FromResult(
                new HttpResponseMessage {
                Content = File.Exists(file) ? new ByteArrayContent(File.ReadAllBytes(file)) : new StringContent("{}") });
        }
    }

    // Answers with the embedded files in place of the hub's.
    private sealed class WnliHub : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var split = Path.GetFileName(request.RequestUri!.AbsolutePath).Split('-')[0];
            var file = Path.Combine(GlueFiles.Root, "data", "glue", "WNLI", split + ".parquet");
            return Task.FromResult(request.RequestUri.AbsolutePath.Contains("/nyu-mll/glue/resolve/main/wnli/", StringComparison.Ordinal)
                ? new HttpResponseMessage { Content = new ByteArrayContent(File.ReadAllBytes(file)) }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
        }
    }
}
