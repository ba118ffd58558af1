using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Replication.All.Tests;

/// <summary>A page as a browser shows it in a window of some width.</summary>
/// <param name="Page">Its file, relative to the folder that was opened.</param>
/// <param name="Window">Width of the window in pixels.</param>
/// <param name="Shown">Width that the page has for its content: the window's, once it is laid out.</param>
/// <param name="Content">Width that its content takes.</param>
/// <param name="Missing">Images that did not load and charts that were not drawn.</param>
internal sealed record ShownPage(string Page, int Window, int Shown, int Content, int Missing);

/// <summary>A browser without a window, which opens all pages of a folder at once, each in a frame of every width.</summary>
/// <param name="program">A browser made of Chromium.</param>
internal sealed partial class HeadlessBrowser(string program)
{
    private const string Frames = "all-pages.html";
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"];

    // Many times what forty pages take: a browser that hangs fails the test instead of holding it up.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // A file may look into the frames of others only where the browser was told so.
    private static readonly string[] Options =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--allow-file-access-from-files",
        "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom",
    ];

    private const string Script = """
        addEventListener('load', () => setTimeout(() => {
          document.querySelector('pre').textContent = Array.from(document.querySelectorAll('iframe'), frame => {
            const page = frame.contentDocument;
            if (!page) return `${frame.title} 0 0 1`;
            const missing = Array.from(page.images).filter(image => !image.naturalWidth).length
              + page.querySelectorAll('.chart:not(.js-plotly-plot)').length;
            return `${frame.title} ${page.documentElement.clientWidth} ${page.documentElement.scrollWidth} ${missing}`;
          }).join('\n');
        }, 500));
        """;

    /// <summary>The browser on a path of folders; null where there is none.</summary>
    /// <param name="path">Such as the variable PATH.</param>
    public static HeadlessBrowser? Find(string? path) => (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
        .FirstOrDefault(File.Exists) is { } found ? new HeadlessBrowser(found) : null;

    /// <summary>The browser of this machine; the test is skipped with the reason where there is none.</summary>
    public static HeadlessBrowser OfThisMachine() => Find(Environment.GetEnvironmentVariable("PATH"))
        ?? throw new IgnoreException($"None of {string.Join(", ", Names)} is on PATH.");

    /// <summary>Opens pages.</summary>
    /// <param name="folder">Holds them; a page of frames is added.</param>
    /// <param name="pages">Their files, relative to it, with slashes and without blanks.</param>
    /// <param name="widths">Widths of the window in pixels.</param>
    /// <returns>Each page at each width, and what was written to the console, a line each.</returns>
    public async Task<(IReadOnlyList<ShownPage> Pages, IReadOnlyList<string> Console)> Open(
        string folder, IEnumerable<string> pages, int[] widths)
    {
        var frames = pages.SelectMany(page => widths.Select(width =>
            $"<iframe title=\"{page} {width}\" src=\"{page}\" style=\"width: {width}px; height: 900px; border: 0\"></iframe>"));
        var file = Path.Combine(folder, Frames);
        await File.WriteAllTextAsync(file, $"<!doctype html><body>{string.Concat(frames)}<pre></pre><script>{Script}</script>");
        // A browser that hangs as it starts is no fault of a page.
        var (page, log) = await Run(file) ?? await Run(file)
            ?? throw new TimeoutException($"{program} did not end within {Patience.TotalMinutes:0} minutes, twice.");
        var answer = WebUtility.HtmlDecode(Answer().Match(page).Groups[1].Value);
        var shown = from line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    let words = line.Split(' ')
                    let numbers = words[1..].Select(word => int.Parse(word, System.Globalization.CultureInfo.InvariantCulture)).ToArray()
                    select new ShownPage(words[0], numbers[0], numbers[1], numbers[2], numbers[3]);
        return ([.. shown], [.. log.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))]);
    }

    // The page once its scripts have run, and the log; null where the browser did not end.
    private async Task<(string Page, string Log)?> Run(string file)
    {
        using var profile = new TemporaryFolder();
        using var browser = Process.Start(new ProcessStartInfo(
            program, [.. Options, $"--user-data-dir={profile.Path}", new Uri(file).AbsoluteUri])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            var read = Task.WhenAll(browser.StandardOutput.ReadToEndAsync(), browser.StandardError.ReadToEndAsync());
            var texts = await read.WaitAsync(Patience);
            await browser.WaitForExitAsync().WaitAsync(Patience);
            return (texts[0], texts[1]);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("<pre>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Answer();
}
