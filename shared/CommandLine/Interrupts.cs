using System.Globalization;
using System.Runtime.InteropServices;

namespace Replication.CommandLine;

/// <summary>
/// Turns the first Ctrl-C (or a polite kill) into a cancellation. Work that has not ended after a grace, or a second
/// Ctrl-C, ends the process: what a run had computed since its last checkpoint, a minute at most, is then computed again.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int PatientSeconds = 4;

    private readonly CancellationTokenSource _source = new();
    private readonly Action<string> _say;
    private readonly TimeProvider _clock;
    private readonly Action<int> _end;
    private readonly TimeSpan _grace;
    private readonly PosixSignalRegistration[] _registrations;
    private ITimer? _timer;

    /// <param name="say">Tells people what happens.</param>
    /// <param name="clock">Measures the grace.</param>
    /// <param name="end">Ends the process with an exit code, at once.</param>
    /// <param name="grace">How long work has for coming to a safe point, in seconds; null for what a person waits.</param>
    public Interrupts(Action<string> say, TimeProvider clock, Action<int> end, string? grace = null)
    {
        (_say, _clock, _end) = (say, clock, end);
        _grace = TimeSpan.FromSeconds(
            int.TryParse(grace, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : PatientSeconds);
        _registrations =
            [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer?.Dispose();
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    internal void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            _end(CommandLineApp.Interrupted);
            return;
        }
        _say("Stopping at the next safe point; once more stops at once.");
        _timer = _clock.CreateTimer(_ => GiveUp(), null, _grace, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }

    private void GiveUp()
    {
        _say("Stopped before a safe point came. Nothing that was finished is lost; the same command resumes from the last checkpoint.");
        _end(CommandLineApp.Interrupted);
    }
}
