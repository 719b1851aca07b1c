namespace Skep.Orchestration.Processes;

/// <summary>
/// Measures the memory and CPU time of process trees every <see cref="Period"/>: one reading of /proc for all trees together,
/// and none while there is nothing to watch.
/// </summary>
internal sealed class TreeSampler(TimeProvider time)
{
    /// <summary>Time between two samples: what is shorter goes unseen.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<Watch> _watches = [];
    private ITimer? _timer;
    private int _sampling;

    /// <summary>Calls back with each sample of the tree of a session leader, on a pool thread, until the result is disposed.</summary>
    public IDisposable Start(int leader, Action<TreeUsage> onSample)
    {
        var watch = new Watch(this, leader, onSample);
        lock (_gate)
        {
            _watches.Add(watch);
            _timer ??= time.CreateTimer(static sampler => ((TreeSampler)sampler!).Sample(), this, Period, Period);
        }

        return watch;
    }

    private void Sample()
    {
        // A pass that takes longer than the period (a machine with very many processes) makes the next ones fall out.
        if (Interlocked.Exchange(ref _sampling, 1) == 1) return;
        try
        {
            Watch[] watches;
            lock (_gate) watches = [.. _watches];
            var processes = ProcFs.All().Where(p => !p.IsDead).ToList();
            foreach (var watch in watches) watch.Report(processes);
        }
        finally
        {
            Volatile.Write(ref _sampling, 0);
        }
    }

    private void Stop(Watch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
            if (_watches.Count > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private sealed class Watch(TreeSampler owner, int leader, Action<TreeUsage> onSample) : IDisposable
    {
        private Dictionary<int, long> _known = [];

        public void Report(List<ProcessStat> processes)
        {
            var members = new Dictionary<int, long>();
            long pages = 0, ticks = 0;
            foreach (var process in Closure(processes, members))
            {
                pages += process.RssPages;
                ticks += process.CpuTicks;
            }

            _known = members;
            onSample(new TreeUsage(pages * Environment.SystemPageSize, TimeSpan.FromSeconds((double)ticks / ProcFs.TicksPerSecond)));
        }

        public void Dispose() => owner.Stop(this);

        /// <summary>Members of session or group, those seen before (even if they left both since), and children of members.</summary>
        private List<ProcessStat> Closure(List<ProcessStat> processes, Dictionary<int, long> members)
        {
            var found = new List<ProcessStat>();
            int before;
            do
            {
                before = found.Count;
                foreach (var process in processes)
                {
                    if (members.ContainsKey(process.Pid) || !Belongs(process, members)) continue;
                    members.Add(process.Pid, process.StartTicks);
                    found.Add(process);
                }
            }
            while (found.Count > before);
            return found;
        }

        private bool Belongs(in ProcessStat process, Dictionary<int, long> members) =>
            process.Session == leader || process.Group == leader || members.ContainsKey(process.Parent)
            || (_known.TryGetValue(process.Pid, out var started) && started == process.StartTicks);
    }
}
