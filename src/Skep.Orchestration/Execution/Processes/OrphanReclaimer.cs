namespace Skep.Orchestration.Processes;

/// <summary>
/// Stops what attempts of an earlier process left running. Such processes are nobody's children any more; they are found by the run's mark
/// in their environment, which only processes of the same user let us read.
/// </summary>
internal static class OrphanReclaimer
{
    /// <summary>Returns a line for each process stopped, or one that says why it is not possible here.</summary>
    public static async Task<IReadOnlyList<string>> ReclaimAsync(string runId, string runDirectory, TimeSpan grace, TimeProvider time, CancellationToken cancel)
    {
        if (!UnixSystem.HasProc) return ["cannot look for processes left by an earlier start: this system has no /proc; check with ps"];
        var marker = ProcessMarker.OfRun(runDirectory);
        var stopped = new Dictionary<(int Pid, long Start), string>();
        if (!await SignalUntilGoneAsync(marker, Signals.Term, grace, stopped, time, cancel))
            await SignalUntilGoneAsync(marker, Signals.Kill, ProcessTree.KillWait, stopped, time, cancel);
        var left = Find(marker);
        return [.. stopped.OrderBy(p => p.Key.Pid).Select(p => Line(p.Key, p.Value, left, runId))];
    }

    private static string Line((int Pid, long Start) process, string name, List<ProcessStat> left, string runId) =>
        left.Exists(p => p.Pid == process.Pid && p.StartTicks == process.Start)
            ? $"process {process.Pid} ({name}) of an earlier start of run {runId} could not be stopped: it does not react to KILL"
            : $"stopped process {process.Pid} ({name}), left running by an earlier start of run {runId}";

    /// <summary>Signals each process once, except for KILL, which is repeated for what was started meanwhile.</summary>
    private static async Task<bool> SignalUntilGoneAsync(
        ProcessMarker marker, int signal, TimeSpan limit, Dictionary<(int, long), string> stopped, TimeProvider time, CancellationToken cancel)
    {
        var expired = Task.Delay(limit, time, cancel);
        for (var first = true; ; first = false)
        {
            var found = Find(marker);
            if (found.Count == 0) return true;
            foreach (var process in found)
                if (stopped.TryAdd((process.Pid, process.StartTicks), process.Name) || first || signal == Signals.Kill)
                    Send(process.Pid, signal);
            if (expired.IsCompleted) return false;
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel), expired);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static void Send(int pid, int signal)
    {
        _ = LibC.Kill(pid, signal);
        if (signal == Signals.Term) _ = LibC.Kill(pid, Signals.Continue);
    }

    /// <summary>Marked processes, and unmarked ones in a session that an attempt had opened, less ourselves, our ancestors and our own children.</summary>
    private static List<ProcessStat> Find(ProcessMarker marker)
    {
        var all = ProcFs.All().Where(p => !p.IsDead).ToDictionary(p => p.Pid);
        var spared = Spared(all);
        var own = ChildReaper.LivingIds.ToHashSet();
        var marked = all.Values.Where(p => !spared.Contains(p.Pid) && !own.Contains(p.Session) && ProcFs.EnvironMatches(p.Pid, marker)).ToList();
        var ids = marked.Select(p => p.Pid).ToHashSet();
        // A session is the attempt's if its leader is marked too. One whose leader is gone may be a terminal's, so only marked members of it count.
        var sessions = marked.Where(p => ids.Contains(p.Session)).Select(p => p.Session).ToHashSet();
        return [.. all.Values.Where(p => ids.Contains(p.Pid) || (sessions.Contains(p.Session) && !spared.Contains(p.Pid)))];
    }

    private static HashSet<int> Spared(Dictionary<int, ProcessStat> all)
    {
        var spared = new HashSet<int>();
        for (var pid = Environment.ProcessId; spared.Add(pid) && all.TryGetValue(pid, out var process);) pid = process.Parent;
        return spared;
    }
}
