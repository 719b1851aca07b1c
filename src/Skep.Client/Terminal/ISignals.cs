using System.Runtime.InteropServices;

namespace Skep.Client.Terminal;

/// <summary>Requests of the operating system to stop.</summary>
internal interface ISignals
{
    /// <summary>Calls back for every request with the exit code that belongs to it, until disposed. The default action is suppressed.</summary>
    IDisposable Subscribe(Action<int> onStop);
}

/// <summary>SIGINT (Ctrl-C), SIGTERM, and SIGHUP, with which a terminal that closes would leave the run's children behind.</summary>
internal sealed class ProcessSignals : ISignals
{
    /// <inheritdoc />
    public IDisposable Subscribe(Action<int> onStop) => new Subscription(
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, ExitCodes.Interrupted, onStop)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCodes.Terminated, onStop)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, ExitCodes.HungUp, onStop)),
    ]);

    private static void Handle(PosixSignalContext context, int exitCode, Action<int> onStop)
    {
        context.Cancel = true;
        onStop(exitCode);
    }

    private sealed record Subscription(IReadOnlyList<PosixSignalRegistration> Registrations) : IDisposable
    {
        public void Dispose()
        {
            foreach (var registration in Registrations) registration.Dispose();
        }
    }
}

/// <summary>For embedding: none ever comes.</summary>
internal sealed class NoSignals : ISignals
{
    /// <inheritdoc />
    public IDisposable Subscribe(Action<int> onStop) => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
            // There is nothing to give up.
        }
    }
}
