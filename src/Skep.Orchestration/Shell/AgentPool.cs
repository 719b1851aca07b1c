using System.Collections.Concurrent;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// The living agents of one run. It takes attempts in the order in which the queen places them, starts each as soon as an instance of its
/// agent spec and a place in the swarm are free, and passes on what agents say. Attempts placed ahead of time wait here, so that the next
/// one begins without waiting for the disk.
/// </summary>
internal sealed class AgentPool(AgentPoolOptions options, Action<RunInput> tell) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Job> _waiting = new();
    private readonly Dictionary<(string Task, int Attempt), Job> _jobs = [];
    private readonly Dictionary<string, Instances> _instances = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, byte> _live = new();
    private int _running;
    private bool _held;
    private bool _closed;

    /// <summary>Places an attempt. <paramref name="work"/> does it, given the name of the instance.</summary>
    public void Start(string task, int attempt, string agent, Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> work)
    {
        lock (_lock)
        {
            if (_closed || _jobs.ContainsKey((task, attempt))) return;
            var job = new Job(task, attempt, agent, work);
            job.Node = _waiting.AddLast(job);
            _jobs[(task, attempt)] = job;
            job.KeepAlive = options.Time.CreateTimer(_ => tell(new WorkerHeartbeat(task, attempt)), null, options.HeartbeatEvery, options.HeartbeatEvery);
        }

        StartWhatFits();
    }

    /// <summary>Stops an attempt: one that waits is answered for at once, one that runs is cancelled and answers itself.</summary>
    public void Stop(string task, int attempt)
    {
        Job? job;
        bool waited;
        lock (_lock)
        {
            if (!_jobs.TryGetValue((task, attempt), out job)) return;
            waited = job.Node is not null;
            if (waited) Remove(job);
        }

        if (waited) tell(new WorkerAnswered(task, attempt, new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "stopped before it began" }));
        else job.Cancel.Cancel();
    }

    /// <summary>Suspends or continues an attempt; one that waits does not begin while suspended.</summary>
    public void Suspend(string task, int attempt, bool suspended)
    {
        Action<bool>? handler;
        lock (_lock)
        {
            if (!_jobs.TryGetValue((task, attempt), out var job)) return;
            job.Suspended = suspended;
            handler = job.SuspendHandler;
        }

        handler?.Invoke(suspended);
        StartWhatFits();
    }

    /// <summary>Holds back what waits, or lets it go.</summary>
    public void Hold(bool held)
    {
        lock (_lock) _held = held;
        StartWhatFits();
    }

    /// <summary>Cancels everything and waits until all agents have stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Job> jobs;
        lock (_lock)
        {
            _closed = true;
            jobs = [.. _jobs.Values];
            foreach (var job in jobs.Where(j => j.Node is not null)) Remove(job);
        }

        foreach (var job in jobs) await job.Cancel.CancelAsync();
        await Task.WhenAll(_live.Keys);
        foreach (var job in jobs) job.Dispose();
    }

    private void StartWhatFits()
    {
        List<(Job Job, string Name)>? starting = null;
        lock (_lock)
        {
            if (_held || _closed) return;
            for (var at = _waiting.First; at is not null && _running < options.MaxConcurrency;)
            {
                var (job, next) = (at.Value, at.Next);
                if (!job.Suspended && InstancesOf(job.Agent).TryTake(out var number))
                {
                    _waiting.Remove(at);
                    (job.Node, job.Instance) = (null, number);
                    _running++;
                    (starting ??= []).Add((job, job.Agent.Length == 0 ? "gate" : $"{job.Agent}-{number + 1}"));
                }

                at = next;
            }
        }

        foreach (var (job, name) in starting ?? [])
        {
            var live = Task.Run(() => RunAsync(job, name));
            _live.TryAdd(live, 0);
            _ = live.ContinueWith(t => _live.TryRemove(t, out byte _), TaskScheduler.Default);
        }
    }

    private async Task RunAsync(Job job, string name)
    {
        job.StopKeepAlive();
        tell(new WorkerStarted(job.Task, job.Attempt, name));
        AttemptResult result;
        try
        {
            result = await job.Work(name, new Context(this, job), job.Cancel.Token);
        }
        catch (OperationCanceledException) when (job.Cancel.IsCancellationRequested)
        {
            result = new AttemptResult { Outcome = AttemptOutcome.Cancelled };
        }
#pragma warning disable CA1031 // whatever an executor throws is the attempt's failure, not the run's
        catch (Exception e)
#pragma warning restore CA1031
        {
            result = AttemptResult.Failure($"its executor failed: {e.GetType().Name}: {e.Message}");
        }

        lock (_lock)
        {
            Remove(job);
            InstancesOf(job.Agent).GiveBack(job.Instance);
            _running--;
        }

        tell(new WorkerAnswered(job.Task, job.Attempt, result));
        StartWhatFits();
    }

    private void Remove(Job job)
    {
        if (job.Node is { } node) _waiting.Remove(node);
        job.Node = null;
        job.StopKeepAlive();
        _jobs.Remove((job.Task, job.Attempt));
    }

    private Instances InstancesOf(string agent)
    {
        if (_instances.TryGetValue(agent, out var instances)) return instances;
        return _instances[agent] = new Instances(options.ReplicasOf(agent));
    }

    private sealed class Job(string task, int attempt, string agent, Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> work) : IDisposable
    {
        public string Task { get; } = task;

        public int Attempt { get; } = attempt;

        public string Agent { get; } = agent;

        public Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> Work { get; } = work;

        public CancellationTokenSource Cancel { get; } = new();

        public LinkedListNode<Job>? Node { get; set; }

        public int Instance { get; set; } = -1;

        public bool Suspended { get; set; }

        public Action<bool>? SuspendHandler { get; set; }

        /// <summary>Renews the lease while the attempt waits for its agent; the agent does so itself later.</summary>
        public ITimer? KeepAlive { get; set; }

        public void StopKeepAlive()
        {
            KeepAlive?.Dispose();
            KeepAlive = null;
        }

        public void Dispose()
        {
            StopKeepAlive();
            Cancel.Dispose();
        }
    }

    /// <summary>Numbers of instances of one agent spec: the lowest free one is taken.</summary>
    private sealed class Instances(int replicas)
    {
        private readonly PriorityQueue<int, int> _free = new();
        private int _made;

        public bool TryTake(out int number)
        {
            if (_free.TryDequeue(out number, out _)) return true;
            number = _made;
            if (_made >= replicas) return false;
            _made++;
            return true;
        }

        public void GiveBack(int number) => _free.Enqueue(number, number);
    }

    private sealed class Context(AgentPool pool, Job job) : IAttemptContext
    {
        public TimeProvider Time => pool.Options.Time;

        public void Heartbeat() => pool.Tell(new WorkerHeartbeat(job.Task, job.Attempt));

        public void Progress(string line) => pool.Tell(new WorkerProgress(job.Task, job.Attempt, line));

        public void OnSuspend(Action<bool> handler)
        {
            bool suspended;
            lock (pool._lock)
            {
                job.SuspendHandler = handler;
                suspended = job.Suspended;
            }

            if (suspended) handler(true);
        }
    }

    private AgentPoolOptions Options => options;

    private Action<RunInput> Tell => tell;
}

/// <summary>Bounds of an <see cref="AgentPool"/>.</summary>
internal sealed record AgentPoolOptions
{
    public required int MaxConcurrency { get; init; }

    public required Func<string, int> ReplicasOf { get; init; }

    public required TimeSpan HeartbeatEvery { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The options that follow from a run's state.</summary>
    public static AgentPoolOptions For(RunState state, TimeProvider time) => new()
    {
        MaxConcurrency = state.MaxConcurrency,
        ReplicasOf = id => (id.Length == 0 ? AgentSpec.Implicit : state.Agent(id))?.Replicas ?? int.MaxValue,
        HeartbeatEvery = state.Plan.Swarm.Lease / 3,
        Time = time,
    };
}
