using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Skep.Orchestration.Processes;

/// <summary>
/// Collects the exit status of our children when SIGCHLD says that some child ended. Asks only for the process ids that it started, never for
/// any child, so that <see cref="System.Diagnostics.Process"/> and other libraries in this program keep theirs.
/// </summary>
internal static class ChildReaper
{
    private static readonly ConcurrentDictionary<int, ChildProcess> Living = new();
    private static PosixSignalRegistration? s_registration;
    private static int s_requests;

    /// <summary>Process ids of the children that have not ended.</summary>
    public static IEnumerable<int> LivingIds => Living.Keys;

    /// <summary>Registers a child that was just started.</summary>
    public static void Watch(ChildProcess child)
    {
        EnsureRegistered();
        Living[child.Id] = child;
        // It may have ended before it was registered; that signal is gone.
        Collect(child);
    }

    /// <summary>Registers for SIGCHLD. The registration lives as long as the program.</summary>
    private static void EnsureRegistered()
    {
        if (OperatingSystem.IsWindows() || Volatile.Read(ref s_registration) is not null) return;
        var registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => OnChildSignal());
        if (Interlocked.CompareExchange(ref s_registration, registration, null) is not null) registration.Dispose();
    }

    private static void OnChildSignal()
    {
        // Signals that arrive during a pass cause one more pass, not one each.
        if (Interlocked.Increment(ref s_requests) > 1) return;
        int seen;
        do
        {
            seen = Volatile.Read(ref s_requests);
            foreach (var (_, child) in Living) Collect(child);
        }
        while (Interlocked.Add(ref s_requests, -seen) > 0);
    }

    private static void Collect(ChildProcess child)
    {
        if (child.TryReap()) Living.TryRemove(KeyValuePair.Create(child.Id, child));
    }
}
