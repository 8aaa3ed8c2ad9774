using System.Runtime.InteropServices;

namespace ErlChat.Load.Verbs;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP end a measurement as its time limit would, so that its servers and files do not outlive it. A second signal
/// ends the program at once. Nothing can be done about SIGKILL.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    internal Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Happened(context, 1)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Happened(context, 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Happened(context, 15)),
    ];

    internal CancellationToken Token => _source.Token;

    /// <summary>As a shell reports it: 128 plus the number of the signal. Null when there was none.</summary>
    internal int? ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Happened(PosixSignalContext context, int number)
    {
        context.Cancel = !_source.IsCancellationRequested;
        ExitCode ??= 128 + number;
        _source.Cancel();
    }
}
