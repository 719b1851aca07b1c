namespace Skep.Orchestration;

/// <summary>
/// The living agents of one run. It takes attempts in the order in which the queen places them, starts each as soon as an instance of its
/// agent spec and a place in the swarm are free, and passes on what agents say. Attempts placed ahead of time wait here, so that the next
/// one begins without waiting for the disk.
/// </summary>
internal sealed class AgentPool : IAsyncDisposable
{
    private readonly AgentPoolOptions _options;
    private readonly Action<RunInput> _tell;
    private readonly Lock _lock = new();
    private readonly LinkedList<Job> _waiting = new();
    private readonly Dictionary<(string Task, int Attempt), Job> _jobs = [];
    private readonly Dictionary<string, Instances> _instances = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _keepAlive;
    private int _running;
    private bool _held;
    private volatile bool _closed;

    public AgentPool(AgentPoolOptions options, Action<RunInput> tell)
    {
        (_options, _tell) = (options, tell);
        _keepAlive = options.Time.CreateTimer(_ => KeepAlive(), null, options.HeartbeatEvery, options.HeartbeatEvery);
    }

    /// <summary>
    /// Places an attempt. <paramref name="work"/> does it, given the name of the instance; with <paramref name="announces"/> it says itself when
    /// it begins, else the pool does.
    /// </summary>
    public void Start(string task, int attempt, string agent, AttemptWork work, bool announces = false)
    {
        lock (_lock)
        {
            if (_closed || _jobs.ContainsKey((task, attempt))) return;
            var job = new Job(task, attempt, agent, work, announces);
            job.Node = _waiting.AddLast(job);
            _jobs[(task, attempt)] = job;
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

        if (waited) _tell(new WorkerAnswered(task, attempt, new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "stopped before it began" }));
        else _ = job.Cancel.CancelAsync(); // not here: what an executor does then may take time, or throw
    }

    /// <summary>Gives the place of an attempt that does not answer to being stopped to others. What it says from now on is not heard.</summary>
    public void Abandon(string task, int attempt)
    {
        lock (_lock)
        {
            if (!_jobs.TryGetValue((task, attempt), out var job)) return;
            if (job.Node is null) GiveBack(job);
            Remove(job);
        }

        StartWhatFits();
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

    /// <summary>Cancels everything and waits until all agents have stopped, those that have been abandoned excepted, for as long as a stop may take.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Job> running;
        lock (_lock)
        {
            _closed = true;
            foreach (var job in _jobs.Values.Where(j => j.Node is not null).ToList()) Remove(job);
            running = [.. _jobs.Values];
            if (running.Count == 0) _quiet.TrySetResult();
        }

        await _keepAlive.DisposeAsync();
        foreach (var job in running) _ = job.Cancel.CancelAsync();
        try
        {
            await _quiet.Task.WaitAsync(Queen.StopGrace, _options.Time);
        }
        catch (TimeoutException)
        {
            // Code that does not heed its cancellation cannot be made to; the run does not hang on it.
        }
    }

    /// <summary>Renews the leases of attempts that wait for their agent; the agent does so itself later.</summary>
    private void KeepAlive()
    {
        List<Job> waiting;
        lock (_lock) waiting = [.. _waiting];
        foreach (var job in waiting) _tell(new WorkerHeartbeat(job.Task, job.Attempt));
    }

    private void StartWhatFits()
    {
        List<Job>? starting = null;
        lock (_lock)
        {
            if (_held || _closed) return;
            for (var at = _waiting.First; at is not null && _running < _options.MaxConcurrency;)
            {
                var (job, next) = (at.Value, at.Next);
                if (!job.Suspended && InstancesOf(job.Agent).TryTake(out var number))
                {
                    _waiting.Remove(at);
                    (job.Node, job.Instance) = (null, number);
                    _running++;
                    (starting ??= []).Add(job);
                }

                at = next;
            }
        }

        foreach (var job in starting ?? []) _ = Task.Run(() => RunAsync(job));
    }

    private async Task RunAsync(Job job)
    {
        var name = job.Agent.Length == 0 ? "gate" : $"{job.Agent}-{job.Instance + 1}";
        if (!job.Announces) _tell(new WorkerStarted(job.Task, job.Attempt, name));
        var result = await AnswerOfAsync(() => job.Work(name, new Context(this, job), job.Cancel.Token), job.Cancel.Token);
        lock (_lock)
        {
            if (job.Abandoned) return;
            GiveBack(job);
            Remove(job);
        }

        _tell(new WorkerAnswered(job.Task, job.Attempt, result) { Began = !job.Announces });
        StartWhatFits();
    }

    /// <summary>The answer that some work comes to, whatever it throws.</summary>
    internal static async Task<AttemptResult> AnswerOfAsync(Func<Task<AttemptResult>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new AttemptResult { Outcome = AttemptOutcome.Cancelled };
        }
#pragma warning disable CA1031 // whatever an executor throws is the attempt's failure, not the run's
        catch (Exception e)
#pragma warning restore CA1031
        {
            return AttemptResult.Failure($"its executor failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private void GiveBack(Job job)
    {
        InstancesOf(job.Agent).GiveBack(job.Instance);
        _running--;
    }

    private void Remove(Job job)
    {
        if (job.Node is { } node) _waiting.Remove(node);
        job.Node = null;
        job.Abandoned = true;
        _jobs.Remove((job.Task, job.Attempt));
        if (_closed && _jobs.Count == 0) _quiet.TrySetResult();
    }

    private Instances InstancesOf(string agent)
    {
        if (_instances.TryGetValue(agent, out var instances)) return instances;
        return _instances[agent] = new Instances(_options.ReplicasOf(agent));
    }

    private sealed class Job(string task, int attempt, string agent, AttemptWork work, bool announces)
    {
        public string Task { get; } = task;

        public int Attempt { get; } = attempt;

        public string Agent { get; } = agent;

        public AttemptWork Work { get; } = work;

        public bool Announces { get; } = announces;

        /// <summary>Never disposed, because an agent may hold its token for longer than the pool lives; it has no timer, so nothing leaks.</summary>
        public CancellationTokenSource Cancel { get; } = new();

        /// <summary>Its place among those that wait, or null once it has begun.</summary>
        public LinkedListNode<Job>? Node { get; set; }

        public int Instance { get; set; } = -1;

        public bool Suspended { get; set; }

        /// <summary>Whether the pool knows it no more: its answer is given, or nobody waits for it.</summary>
        public bool Abandoned { get; set; }

        public Action<bool>? SuspendHandler { get; set; }
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
        public TimeProvider Time => pool._options.Time;

        public void Heartbeat() => pool._tell(new WorkerHeartbeat(job.Task, job.Attempt));

        public void Progress(string line) => pool._tell(new WorkerProgress(job.Task, job.Attempt, line));

        public bool IsLeaving => pool._closed;

        public void Used(AttemptUsage usage) => pool._tell(new WorkerUsed(job.Task, job.Attempt, usage));

        public void Waiting(bool waits) => pool._tell(new WorkerWaits(job.Task, job.Attempt, waits));

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
}
