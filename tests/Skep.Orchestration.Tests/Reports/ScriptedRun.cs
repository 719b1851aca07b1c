using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

/// <summary>What a scripted attempt does: takes a while, then answers.</summary>
internal sealed record Scripted(double Seconds, AttemptResult Result)
{
    public static Scripted Ok(double seconds, params (string Name, string Value)[] outputs) => new(seconds, new AttemptResult
    {
        Outcome = AttemptOutcome.Succeeded,
        ExitCode = 0,
        Outputs = outputs.ToDictionary(o => o.Name, o => o.Value),
    });

    public static Scripted Fail(double seconds, string error, string log = "", bool retryable = true) =>
        new(seconds, new AttemptResult { Outcome = AttemptOutcome.Failed, Error = error, ExitCode = 1, LogTail = log, Retryable = retryable });

    public static Scripted Lose(double seconds) => new(seconds, new AttemptResult { Outcome = AttemptOutcome.Lost, Error = "its agent is gone" });
}

/// <summary>Runs a plan through the real core on a virtual clock: attempts do what the script says, and at given seconds somebody interferes.</summary>
internal sealed class ScriptedRun
{
    public static readonly DateTimeOffset Origin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Func<RunInput?>, (DateTimeOffset At, int Order)> _future = new();
    private readonly Func<string, int, Scripted> _script;
    private readonly HashSet<(string, int)> _started = [];
    private int _order;
    private int _life;
    private DateTimeOffset _now = Origin;

    private ScriptedRun(Plan plan, Func<string, int, Scripted> script) => (State, _script) = (RunState.For(plan), script);

    public RunState State { get; }

    public static RunReport Report(Plan plan, Func<string, int, Scripted> script, double until = 1e7, params (double At, RunInput Input)[] interference) =>
        RunReport.Build(Play(plan, script, until, interference), Options(until));

    public static RunReportOptions Options(double now = 1e7) => new() { Now = Origin.AddSeconds(now) };

    public static RunState Play(Plan plan, Func<string, int, Scripted> script, double until = 1e7, (double At, RunInput Input)[]? interference = null, int? concurrency = null, string run = "r-1")
    {
        var it = new ScriptedRun(plan, script);
        var info = new RunStarted(run, plan.Name, "0123456789abcdef0123456789abcdef", "plan.yaml", "/w", "/w", "/w/.skep/runs/r", new Dictionary<string, string>(), new Dictionary<string, string>(), concurrency, 7, "0.1.0");
        it.Later(0, () => new StartRun(info));
        foreach (var (at, input) in interference ?? []) it.Later(at, () => it.Interfere(input));
        it.Play(until);
        return it.State;
    }

    private void Play(double until)
    {
        var end = Origin.AddSeconds(until);
        while (true)
        {
            var due = State.Status.IsEnded() ? null : Queen.NextTick(State);
            var next = _future.TryPeek(out _, out var key) ? key.At : (DateTimeOffset?)null;
            if ((next ?? due) is null) return;
            var isTick = next is null || due < next;
            var at = (isTick ? due : next)!.Value;
            if (at > end) return;
            if (at > _now) _now = at;
            Step(isTick ? Tick.Instance : _future.Dequeue()());
        }
    }

    /// <summary>A recovery stands for a process that died: what it ran is gone.</summary>
    private RunInput Interfere(RunInput input)
    {
        if (input is RecoverRun) _life++;
        return input;
    }

    private void Step(RunInput? input)
    {
        if (input is null) return;
        foreach (var effect in Queen.Decide(State, input, _now).Effects) Perform(effect);
    }

    private void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case StartAttempt start: Start(start.Node.Key, start.Attempt); break;
            case StopAttempt stop: Later(0.5, () => new WorkerAnswered(stop.Node.Key, stop.Attempt, new AttemptResult { Outcome = AttemptOutcome.Cancelled })); break;
            case RestoreEffects:
                foreach (var found in Queen.Effects(State)) Perform(found);
                break;
        }
    }

    private void Start(string key, int attempt)
    {
        var (what, life) = (_script(key, attempt), _life);
        if (!_started.Add((key, attempt))) return;
        // Names come again while they have work; of the spec 'worker', whose names these are, the queen then records the spec alone.
        Later(0, () => life == _life ? new WorkerStarted(key, attempt, $"worker-{1 + (_order % 4)}") : null);
        Later(what.Seconds, () => life == _life ? new WorkerAnswered(key, attempt, what.Result) : null);
    }

    private void Later(double seconds, Func<RunInput?> input) => _future.Enqueue(input, (_now.AddSeconds(seconds), _order++));
}
