using Skep.Plans;

namespace Skep.Orchestration.Tests.Core;

/// <summary>A queen without a shell: inputs in, events and effects out, on a clock that only moves when told to.</summary>
internal sealed class QueenRig
{
    public QueenRig(string yaml, IReadOnlyDictionary<string, string>? vars = null)
        : this(Parse(yaml), vars)
    {
    }

    public QueenRig(Plan plan, IReadOnlyDictionary<string, string>? vars = null)
    {
        State = RunState.For(plan);
        Vars = vars ?? new Dictionary<string, string>();
    }

    public RunState State { get; }

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    public List<RunEvent> Events { get; } = [];

    public List<RunEffect> Effects { get; } = [];

    public string? Refusal { get; private set; }

    private IReadOnlyDictionary<string, string> Vars { get; }

    public static Plan Parse(string yaml)
    {
        var result = PlanReader.Read(yaml);
        return result.Plan ?? throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Select(d => d.Format("plan"))));
    }

    public QueenRig Start()
    {
        Tell(new StartRun(new RunStarted("run-1", State.Plan.Name, new string('0', 64), null, "/home/ann", "/plan", "/run", Vars, new Dictionary<string, string>(), null, 42, "test")));
        return this;
    }

    public QueenRig Tell(RunInput input)
    {
        var decision = Queen.Decide(State, input, Now);
        Events.AddRange(decision.Events);
        Effects.AddRange(decision.Effects);
        Refusal = decision.Refusal;
        return this;
    }

    /// <summary>Lets time pass and tells the queen.</summary>
    public QueenRig Wait(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Tell(Tick.Instance);
    }

    /// <summary>Lets time pass without telling anybody.</summary>
    public QueenRig Sleep(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public QueenRig Begin(string task, string agent = "worker-1") => Tell(new WorkerStarted(task, Attempt(task), agent));

    public QueenRig Succeed(string task, params (string Key, string Value)[] outputs) => Answer(task, new AttemptResult
    {
        Outcome = AttemptOutcome.Succeeded,
        Outputs = outputs.ToDictionary(o => o.Key, o => o.Value),
    });

    public QueenRig Fail(string task, bool retryable = true) => Answer(task, AttemptResult.Failure("it broke", retryable));

    public QueenRig Answer(string task, AttemptResult result) => Tell(new WorkerAnswered(task, Attempt(task), result));

    public TaskStatus Status(string task) => State.Find(task)!.Status;

    public IReadOnlyList<string> Placed => [.. State.Nodes.Where(n => n.Current is not null).Select(n => n.Key)];

    private int Attempt(string task) => State.Find(task)!.Attempts[^1].Number;
}
