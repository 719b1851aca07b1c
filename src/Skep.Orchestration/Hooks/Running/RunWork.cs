using System.Collections.Concurrent;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What is at work in one run, and the hooks that stand around the run itself. Thread-safe.</summary>
internal sealed class RunWork
{
    private readonly ConcurrentDictionary<string, LiveAttempt> _attempts = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<HookCommand> _hooks;
    private readonly IReadOnlyList<HookCommand> _around;
    private readonly AttemptRequest _request;
    private readonly HookRunner _runner;
    private readonly TimeProvider _time;
    private readonly CancellationToken _leaving;

    /// <summary>Different names for what runs at once because of reports; many more than may (<see cref="LiveWork.MaxAtOnce"/>), for some take long.</summary>
    private const uint Names = 256;

    private int _numbers;

    /// <summary>Made once the run has begun; reads only what never changes in it.</summary>
    public RunWork(RunState state, string skepDirectory, HookRunner runner, TimeProvider time, Action<RunInput> tell, CancellationToken leaving)
    {
        (_runner, _time, Tell, _leaving) = (runner, time, tell, leaving);
        _hooks = HookCommand.Resolve(state, state.Plan.Hooks);
        _around = HookCommand.Resolve(state, state.Plan.AllHooks.Where(h => h.On is HookEvents.PreRun or HookEvents.PostRun).Distinct());
        _request = RunHookRequest.Of(state, skepDirectory);
        Ownership = state.Plan.Swarm.Ownership;
    }

    /// <summary>The run.</summary>
    public string RunId => _request.RunId;

    /// <summary>Its workspace.</summary>
    public string Workspace => _request.Workspace;

    /// <summary>What its plan wants when somebody edits what another task owns.</summary>
    public OwnershipRule Ownership { get; }

    /// <summary>Tells its queen.</summary>
    public Action<RunInput> Tell { get; }

    /// <summary>Whether the process is to end.</summary>
    public bool IsLeaving => _leaving.IsCancellationRequested;

    /// <summary>The attempts at tasks that are worked on.</summary>
    public IEnumerable<LiveAttempt> Attempts => _attempts.Values;

    /// <summary>Finds the attempt at a task that is worked on, or null.</summary>
    public LiveAttempt? Find(string task) => _attempts.GetValueOrDefault(task);

    /// <summary>Lists an attempt until the result is disposed of.</summary>
    public IDisposable List(LiveAttempt attempt)
    {
        _attempts[attempt.Key] = attempt;
        return new Listed(_attempts, attempt);
    }

    /// <summary>An attempt is being stopped, or somebody else has settled it.</summary>
    public void Stopping(string task, int attempt, StopReason why, AttemptOutcome? outcome)
    {
        if (Find(task) is not { } live || live.Number != attempt) return;
        live.Stopped = why;
        if (why == StopReason.None) live.Outcome = outcome;
    }

    /// <summary>Runs the hooks before the run; what it returns forbids the run, or is null.</summary>
    public async Task<string?> BeforeAsync(CancellationToken cancel)
    {
        foreach (var hook in _around.Where(h => h.Spec.On == HookEvents.PreRun))
        {
            var outcome = await RunAsync(hook, new Dictionary<string, string>(), cancel);
            cancel.ThrowIfCancellationRequested();
            Record(outcome, null, null, 1);
            if (outcome.Blocks) return HookText.Of(EventOf(outcome, null, null, 1));
        }

        return null;
    }

    /// <summary>Runs the hooks after the run and returns what is to be recorded of them.</summary>
    public async Task<IReadOnlyList<RunInput>> AfterAsync(RunStatus status, string? reason, CancellationToken cancel)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal) { ["SKEP_HOOK_OUTCOME"] = status.Name() };
        if (reason is not null) told["SKEP_HOOK_ERROR"] = Text.Shorten(reason, AnswerBounds.MaxMessage).Replace("\0", "", StringComparison.Ordinal);
        var inputs = new List<RunInput>();
        foreach (var hook in _around.Where(h => h.Spec.On == HookEvents.PostRun))
        {
            if (cancel.IsCancellationRequested) break;
            inputs.Add(new HookReported(EventOf(await RunAsync(hook, told, cancel), null, null, 1)));
        }

        return inputs;
    }

    /// <summary>Runs the plan's own hooks of an event that somebody reports.</summary>
    public async Task<IReadOnlyList<HookOutcome>> FireAsync(HookOccasion occasion, CancellationToken cancel)
    {
        var live = occasion.Task is { } task ? Find(task) : null;
        var outcomes = new List<HookOutcome>();
        foreach (var hook in (live?.HooksOn(occasion.Event) ?? _hooks.Where(h => h.Spec.On == occasion.Event)).Where(h => Concerns(h.Spec, occasion)))
        {
            var told = occasion.File is { } file && !occasion.Environment.ContainsKey("SKEP_HOOK_FILE")
                ? new Dictionary<string, string>(occasion.Environment, StringComparer.Ordinal) { ["SKEP_HOOK_FILE"] = file } : occasion.Environment;
            var outcome = live is null ? await RunAsync(hook, told, cancel) : await RunAsync(hook, live, told, cancel);
            Record(outcome, live?.Key, live?.Number, 1);
            outcomes.Add(outcome);
            if (outcome.Blocks) break;
        }

        return outcomes;
    }

    /// <summary>Has it recorded that a hook ran.</summary>
    public void Record(HookOutcome outcome, string? task, int? attempt, int calls) => Tell(new HookReported(EventOf(outcome, task, attempt, calls)));

    private static HookRan EventOf(HookOutcome o, string? task, int? attempt, int calls) =>
        new(task, attempt, o.Event, o.Command, o.ExitCode, o.Blocks, o.Text, (long)o.Elapsed.TotalMilliseconds, calls);

    private Task<HookOutcome> RunAsync(HookCommand hook, IReadOnlyDictionary<string, string> told, CancellationToken cancel) =>
        _runner.RunAsync(Numbered(hook), _request, told, new FreeContext(_time), cancel);

    private async Task<HookOutcome> RunAsync(HookCommand hook, LiveAttempt live, IReadOnlyDictionary<string, string> told, CancellationToken cancel)
    {
        using var part = live.Context.Share(quiet: true);
        return await _runner.RunAsync(Numbered(hook), live.Request, told, part, cancel);
    }

    /// <summary>Several reports may come at once; their hooks' files and processes must not be taken for each other's.</summary>
    private HookCommand Numbered(HookCommand hook) => hook with { Part = $"{hook.Part}-{hook.Spec.On}-{(uint)Interlocked.Increment(ref _numbers) % Names}" };

    private bool Concerns(HookSpec hook, HookOccasion occasion)
    {
        if (hook.Files.Count == 0 || !HookEvents.IsEdit(hook.On)) return true;
        if (occasion.File is not { } file) return false;
        var path = Path.GetRelativePath(Workspace, file).Replace(Path.DirectorySeparatorChar, '/');
        return !path.StartsWith("../", StringComparison.Ordinal) && hook.Files.Any(g => Glob.IsMatch(Glob.Normalise(g), path));
    }

    private sealed class Listed(ConcurrentDictionary<string, LiveAttempt> attempts, LiveAttempt attempt) : IDisposable
    {
        public void Dispose() => attempts.TryRemove(KeyValuePair.Create(attempt.Key, attempt));
    }
}
