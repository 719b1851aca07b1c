namespace Skep.Orchestration;

/// <summary>An attempt at a task while it is worked on: what hooks and those who ask who owns a file must know of it.</summary>
internal sealed class LiveAttempt
{
    private readonly RunWork _run;
    private readonly IReadOnlyList<HookCommand> _hooks;
    private readonly IReadOnlyList<string> _owns;
    private SharedContext? _context;

    /// <summary>Made on the queen's thread.</summary>
    public LiveAttempt(RunWork run, NodeState node, AttemptRequest request, IReadOnlyList<HookCommand> hooks, IReadOnlyList<string> owns)
    {
        (_run, _hooks, _owns, Request) = (run, hooks, owns, request);
        (Key, Number, HasBegun) = (node.Key, request.Attempt, node.Current!.StartedAt is not null);
    }

    /// <summary>Node key.</summary>
    public string Key { get; }

    /// <summary>Number of the attempt.</summary>
    public int Number { get; }

    /// <summary>Whether it had begun before this process took it over; then the hooks before it have run.</summary>
    public bool HasBegun { get; }

    /// <summary>What its executor gets.</summary>
    public AttemptRequest Request { get; private set; }

    /// <summary>Whether the process is to end.</summary>
    public bool IsLeaving => _run.IsLeaving;

    /// <summary>Why it was asked to stop.</summary>
    public StopReason Stopped { get; set; }

    /// <summary>How it ended, when somebody other than its agent said so.</summary>
    public AttemptOutcome? Outcome { get; set; }

    /// <summary>What the work and the hooks share.</summary>
    public SharedContext Context => _context ?? throw new InvalidOperationException("the attempt has not begun");

    /// <summary>It as others see it.</summary>
    public LiveTask Task => new(Request.RunId, Key, Request.Phase, Number, Request.AgentName, Request.Workspace, _owns, _run.Ownership);

    /// <summary>Its hooks of an event, in order.</summary>
    public IReadOnlyList<HookCommand> HooksOn(string on) => _hooks.Count == 0 ? [] : [.. _hooks.Where(h => h.Spec.On == on)];

    /// <summary>An agent takes it up; it is listed until the result is disposed of.</summary>
    public IDisposable Begin(string agentName, IAttemptContext context)
    {
        Request = Request with { AgentName = agentName };
        _context = new SharedContext(context);
        return _run.List(this);
    }

    /// <summary>Tells the queen.</summary>
    public void Tell(RunInput input) => _run.Tell(input);

    /// <summary>Has it recorded that a hook ran.</summary>
    public void Record(HookOutcome outcome, int calls) => _run.Record(outcome, Key, Number, calls);

    /// <summary>Has it recorded that a hook ran once.</summary>
    public void Record(HookOutcome outcome) => Record(outcome, 1);
}
