using Skep.Agents;
using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>The query of a coding agent's attempt: the same log, states and requests as those of a conversation with a model.</summary>
internal sealed class CodingQuery
{
    private readonly QuerySession _session;
    private readonly CodingAdapter _adapter;
    private volatile bool _isDone;

    public CodingQuery(QuerySession session, CodingAdapter adapter)
    {
        (_session, _adapter) = (session, adapter);
        session.Objection = Objection;
    }

    /// <summary>Stops and continues what must stand still with it.</summary>
    public HoldSwitch Hold => _session.Hold;

    /// <summary>Fires when somebody has ended it.</summary>
    public CancellationToken Ended => _session.Ended;

    /// <summary>How it ended, or null. Only looked at before its work and behind it.</summary>
    public QueryEnded? End => _session.State.End;

    /// <summary>Begins it, or takes it up where an earlier process has left it; then takes what was asked meanwhile.</summary>
    public async Task BeginAsync(AttemptRequest request, Func<string, string> mask)
    {
        await _session.AppendAsync(state => state.Start is null ? [Started(request, mask)] : QueryCore.RecoverSession(state));
        if (End is not null) return;
        var taken = _session.Changed();
        _session.Wake();
        try
        {
            // A process that was started before would be told what holds no more.
            await taken.WaitAsync(_session.Ended);
        }
        catch (OperationCanceledException) when (_session.Ended.IsCancellationRequested)
        {
            // It was ended, or its log cannot be written: whoever looks next finds that.
        }
    }

    /// <summary>Waits while it is held.</summary>
    public Task WaitOpenAsync(CancellationToken cancel) => _session.WaitOpenAsync(cancel);

    /// <summary>Appends events, unless it is over; they are durable when the task completes.</summary>
    public Task AppendAsync(params IReadOnlyList<QueryEvent> events) => _session.AppendAsync(state => state.End is null ? events : []);

    /// <summary>Opens a process's part of the log, with what it is told.</summary>
    /// <returns>The state as it was, in values that do not change any more.</returns>
    public async Task<CodingOrders> OpenAsync(string session, bool resumes)
    {
        CodingOrders? orders = null;
        await _session.AppendAsync(state =>
        {
            orders = new CodingOrders(state.Model, state.Permission, new AttemptUsage(state.CliTokens, (double)state.Usd, state.Turns), [.. state.Messages]);
            return state.End is null ? [new SessionOpened((state.Session?.Opened.Number ?? 0) + 1, session, state.Model, state.Permission, resumes)] : [];
        });
        return orders!;
    }

    /// <summary>What ought to happen to the program.</summary>
    public Task<SessionStep> NextAsync(bool settled) => _session.LookAsync(state => QueryCore.NextOfSession(state, _session.IsHeld, settled));

    /// <summary>Waits until its program has to be ended because it stands still and another is to go on.</summary>
    public async Task WaitEndHeldAsync(CancellationToken cancel)
    {
        while (true)
        {
            // Asked for before the state is looked at, so that nothing is missed.
            var changed = _session.Changed();
            if (await NextAsync(settled: false) == SessionStep.EndHeld) return;
            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>The agent is done: what follows is no matter of its model any more.</summary>
    public void Done() => _isDone = true;

    /// <summary>Ends it with what came of the attempt. When the process leaves, it stays open and another goes on with it.</summary>
    /// <returns>The result; that of one which was ended says who ended it.</returns>
    public async Task<AttemptResult> EndAsync(AttemptResult result, bool isLeaving)
    {
        if (_session.Fault is { } fault) return new AttemptResult { Outcome = AttemptOutcome.Lost, Error = $"what the agent does cannot be recorded: {fault.Message}" };
        if (!(isLeaving && result.Outcome is AttemptOutcome.Cancelled or AttemptOutcome.Lost)) await AppendAsync(EndOf(result));
        return End is { Status: QueryStatus.Terminated } ended && result.Outcome == AttemptOutcome.Cancelled ? result with { Error = ended.Error } : result;
    }

    /// <summary>What is told again of one that an earlier process has ended without telling the queen; null when it is to be looked for.</summary>
    public AttemptResult? Told => End switch
    {
        { Status: QueryStatus.Terminated } e => new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = e.Error },
        { Status: QueryStatus.Error } e => AttemptResult.Failure(e.Error ?? "failed", e.Retryable),
        _ => null,
    };

    private static QueryEnded EndOf(AttemptResult result) => result.Outcome switch
    {
        AttemptOutcome.Succeeded => new QueryEnded(QueryStatus.Complete, null, false),
        AttemptOutcome.Cancelled => new QueryEnded(QueryStatus.Terminated, "stopped by the run", false),
        _ => new QueryEnded(QueryStatus.Error, result.Error ?? "failed", result.Retryable),
    };

    private static QueryStarted Started(AttemptRequest request, Func<string, string> mask) => new(
        request.AgentName, request.Agent.Model ?? ChatExecutor.DefaultModel, [], PermissionModes.NameOf(request.Agent.PermissionMode), mask(request.Agent.SystemPrompt ?? ""), mask(request.Prompt!),
        [.. AdapterCommand.ToolsOf(request.Agent)], request.Agent.Limits.Turns ?? 0, null) { Kind = ExecutorKinds.CodingCli };

    /// <summary>What a coding CLI cannot be told: it hears from us when it is started, and never again.</summary>
    private string? Objection(ControlRow asked) => asked.Op switch
    {
        QueryOps.Terminate => null,
        QueryOps.Model => Cannot("model", _adapter.Model),
        QueryOps.Permission => Cannot("permission", _adapter.Permission),
        _ => $"a coding agent knows no '{asked.Op}'; it can be paused, resumed and terminated, and its model and permission mode can be changed",
    };

    private string? Cannot(string key, IReadOnlyList<string> arguments)
    {
        if (_isDone) return "the agent is done, and its work waits to be merged";
        if (_adapter.Resume.Count == 0) return $"the adapter '{_adapter.Name}' cannot take a session up again (it has no 'resume'), and a CLI that works cannot be told another {key}";
        if (arguments.Count == 0) return $"the adapter '{_adapter.Name}' does not say how its CLI is told a {key} (it has no '{key}')";
        return _adapter.Stream == StreamForm.StreamJson || _session.IsHeld ? null
            : $"the adapter '{_adapter.Name}' does not tell when a turn ends ('stream: text'): pause the query first, then its process is ended as it stands and its session taken up with the new {key}";
    }
}

/// <summary>What a process of a coding CLI is told, and what there is of it already.</summary>
/// <param name="Model">The model; <c>default</c> for the CLI's own.</param>
/// <param name="Permission">The permission mode.</param>
/// <param name="Used">What earlier processes have used.</param>
/// <param name="Messages">Names of messages that were told already.</param>
internal sealed record CodingOrders(string Model, string Permission, AttemptUsage Used, IReadOnlyList<string> Messages)
{
    /// <summary>The agent as this process is told of it; of its turns those that are left.</summary>
    public AgentSpec Of(AgentSpec agent) => agent with
    {
        Model = Model == ChatExecutor.DefaultModel ? null : Model,
        PermissionMode = PermissionModes.ModeOf(Permission),
        Limits = agent.Limits.Turns is { } turns ? agent.Limits with { Turns = Math.Max(1, turns - Used.Turns) } : agent.Limits,
    };
}
