namespace Replication.All.Tests;

public sealed class HeadlessBrowserTests
{
    [TestCase("google-chrome", true)]
    [TestCase("chromium", true)]
    [TestCase("firefox", false)]
    public void Find_OnAPath_TakesWhatIsMadeOfChromium(string name, bool isFound)
    {
        using var folder = new TemporaryFolder();
        folder.Write(OperatingSystem.IsWindows() ? name + ".exe" : name, "");

        Assert.That(HeadlessBrowser.Find($"{folder.File("none")}{Path.PathSeparator}{folder.Path}"), isFound ? Is.Not.Null : Is.Null);
    }

    [Test]
    [Category("Slow")]
    public async Task Open_PagesWithFaults_TellsEachOfThem()
    {
        var browser = HeadlessBrowser.OfThisMachine();
        using var folder = new TemporaryFolder();
        folder.Write("wide.html", "<!doctype html><body style='margin: 0'><div style='width: 800px'>wide</div>");
        folder.Write(
            "empty.html", "<!doctype html><body><img src='nowhere.svg'><div class='chart'></div><script>undefinedFunction();</script>");

        var (shown, console) = await browser.Open(folder.Path, ["wide.html", "empty.html", "none.html"], [375, 1440]);

        Assert.That(shown, Is.EqualTo(new ShownPage[]
        {
            new("wide.html", 375, 375, 800, 0), new("wide.html", 1440, 1440, 1440, 0),
            new("empty.html", 375, 375, 375, 2), new("empty.html", 1440, 1440, 1440, 2),
            new("none.html", 375, 0, 0, 1), new("none.html", 1440, 0, 0, 1),
        }));
        Assert.That(console, Has.Count.EqualTo(2).And.All.Contains("undefinedFunction is not defined"));
    }
}
