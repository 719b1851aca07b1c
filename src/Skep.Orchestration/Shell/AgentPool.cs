namespace Skep.Orchestration;

/// <summary>
/// The living agents of one run. It takes attempts in the order in which the queen places them, starts each as soon as an instance of its
/// agent spec and a place in the swarm are free, and passes on what agents say. Attempts placed ahead of time wait here, so that the next
/// one begins without waiting for the disk.
/// </summary>
internal sealed class AgentPool : IAsyncDisposable
{
    private static readonly AttemptResult Stranded = new() { Outcome = AttemptOutcome.Lost, Error = "all agents of its spec were drained before it began" };

    private readonly AgentPoolOptions _options;
    private readonly Action<RunInput> _tell;
    private readonly Lock _lock = new();
    private readonly LinkedList<Job> _waiting = new();
    private readonly Dictionary<(string Task, int Attempt), Job> _jobs = [];
    private readonly Dictionary<string, InstanceNumbers> _instances = new(StringComparer.Ordinal);
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
    /// it begins, else the pool does. With <paramref name="instance"/> that one does it: it had begun before its process ended. One that is <paramref name="suspended"/> does not begin.
    /// </summary>
    public void Start(string task, int attempt, string agent, AttemptWork work, bool announces = false, int instance = 0, bool suspended = false)
    {
        lock (_lock)
        {
            if (_closed || _jobs.ContainsKey((task, attempt))) return;
            var job = new Job(task, attempt, agent, work, announces) { Suspended = suspended };
            if (instance > 0 && InstancesOf(agent).TryTake(instance)) job.Instance = instance;
            job.Node = _waiting.AddLast(job);
            _jobs[(task, attempt)] = job;
        }

        SendBackStranded();
        StartWhatFits();
    }

    /// <summary>Adds agents to what the plan gives.</summary>
    public void Open(string agent, IReadOnlyList<int> numbers)
    {
        lock (_lock)
            foreach (var number in numbers) InstancesOf(agent).Open(number);
        StartWhatFits();
    }

    /// <summary>Gives nothing more to agents; says which of them hold nothing, at once and whenever one comes to that.</summary>
    public void Close(string agent, IReadOnlyList<int> numbers)
    {
        List<int> freed;
        lock (_lock) freed = [.. numbers.Where(InstancesOf(agent).Close)];
        if (freed.Count > 0) _tell(new AgentsFreed(agent, freed));
        SendBackStranded();
    }

    /// <summary>Stops an attempt: one that waits is answered for at once, one that runs is cancelled and answers itself.</summary>
    public void Stop(string task, int attempt)
    {
        Job? job;
        bool waited;
        int freed = 0;
        lock (_lock)
        {
            if (!_jobs.TryGetValue((task, attempt), out job)) return;
            waited = job.Node is not null;
            if (waited) freed = Remove(job);
        }

        if (waited) Tell(new WorkerAnswered(task, attempt, new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "stopped before it began" }), job, freed);
        else _ = job.Cancel.CancelAsync(); // not here: what an executor does then may take time, or throw
    }

    /// <summary>Gives the place of an attempt that does not answer to being stopped to others. What it says from now on is not heard.</summary>
    public void Abandon(string task, int attempt)
    {
        Job? job;
        int freed;
        lock (_lock)
        {
            if (!_jobs.TryGetValue((task, attempt), out job)) return;
            freed = Remove(job);
        }

        Tell(null, job, freed);
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
                if (!job.Suspended && HasInstance(job))
                {
                    _waiting.Remove(at);
                    job.Node = null;
                    _running++;
                    (starting ??= []).Add(job);
                }

                at = next;
            }
        }

        foreach (var job in starting ?? []) _ = Task.Run(() => RunAsync(job));
    }

    /// <summary>An attempt may hold its instance already, see <see cref="Start"/>.</summary>
    private bool HasInstance(Job job)
    {
        if (job.Instance == 0 && InstancesOf(job.Agent).TryTake(out var number)) job.Instance = number;
        return job.Instance > 0;
    }

    /// <summary>What waits for agents that are all closed goes back to the queen, who may have others for it, now or later.</summary>
    private void SendBackStranded()
    {
        List<Job> stranded;
        lock (_lock)
        {
            if (_closed) return;
            stranded = [.. _waiting.Where(j => j.Instance == 0 && !InstancesOf(j.Agent).HasAny)];
            foreach (var job in stranded) Remove(job);
        }

        foreach (var job in stranded) _tell(new WorkerAnswered(job.Task, job.Attempt, Stranded) { Began = false });
    }

    /// <summary>Tells what came of an attempt, and that its agent, which was to go, holds nothing any more.</summary>
    private void Tell(WorkerAnswered? answer, Job job, int freed)
    {
        if (answer is not null) _tell(answer);
        if (freed > 0) _tell(new AgentsFreed(job.Agent, [freed]));
    }

    private async Task RunAsync(Job job)
    {
        var name = job.Agent.Length == 0 ? "gate" : InstanceName.Of(job.Agent, job.Instance);
        if (!job.Announces) _tell(new WorkerStarted(job.Task, job.Attempt, name));
        var result = await AnswerOfAsync(() => job.Work(name, new Context(this, job), job.Cancel.Token), job.Cancel.Token);
        int freed;
        lock (_lock)
        {
            if (job.Abandoned) return;
            freed = Remove(job);
        }

        Tell(new WorkerAnswered(job.Task, job.Attempt, result) { Began = !job.Announces }, job, freed);
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

    /// <summary>Forgets an attempt and frees its agent. Returns the agent's number when it was closed and is gone with that, else 0.</summary>
    private int Remove(Job job)
    {
        if (job.Node is { } node) _waiting.Remove(node);
        else _running--;
        job.Node = null;
        job.Abandoned = true;
        _jobs.Remove((job.Task, job.Attempt));
        if (_closed && _jobs.Count == 0) _quiet.TrySetResult();
        return job.Instance > 0 && InstancesOf(job.Agent).GiveBack(job.Instance) ? job.Instance : 0;
    }

    private InstanceNumbers InstancesOf(string agent)
    {
        if (_instances.TryGetValue(agent, out var instances)) return instances;
        return _instances[agent] = new InstanceNumbers(_options.ReplicasOf(agent));
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

        /// <summary>Number of its agent, or 0 as long as it has none.</summary>
        public int Instance { get; set; }

        public bool Suspended { get; set; }

        /// <summary>Whether the pool knows it no more: its answer is given, or nobody waits for it.</summary>
        public bool Abandoned { get; set; }

        public Action<bool>? SuspendHandler { get; set; }
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
