namespace Skep.Cli.Tests.Support;

/// <summary>A run told event by event with a clock of its own, for what people see of it.</summary>
internal sealed class Story
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly List<IRunObserver> _observers = [];
    private DateTimeOffset _now = Start;

    public Story(string yaml, params IRunObserver[] observers)
    {
        var read = PlanReader.Read(yaml);
        Assert.True(read.IsValid, string.Join('\n', read.Diagnostics));
        State = RunState.For(read.Plan!);
        _observers.AddRange(observers);
    }

    public RunState State { get; }

    public DateTimeOffset Now => _now;

    public Story Begin(string run = "demo-1") =>
        Tell(new RunStarted(run, State.Plan.Name, new string('a', 64), "plan.yaml", "/home/ann", "/home/ann", "/home/ann/.skep/runs/" + run, new Dictionary<string, string>(), new Dictionary<string, string>(), null, 1, "0.1.0"));

    public Story After(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public Story Tell(RunEvent happened)
    {
        Queen.Apply(State, happened, _now);
        RecordedEvent[] events = [new(happened.IsDurable ? State.Seq : 0, _now, happened)];
        foreach (var observer in _observers) observer.OnAdvanced(State, events);
        return this;
    }

    public Story Starts(string task, string agent = "worker", int attempt = 1) =>
        Tell(new TaskAssigned(task, attempt, task.StartsWith("gate/", StringComparison.Ordinal) ? "" : agent)).Tell(new AttemptStarted(task, attempt, $"{agent}-1"));

    public Story Succeeds(string task, int attempt = 1, string? evidence = null) =>
        Tell(new AttemptEnded(task, attempt, new AttemptResult { Outcome = AttemptOutcome.Succeeded, Evidence = evidence }, TaskStatus.Succeeded, null));

    public Story Fails(string task, string error, int attempt = 1, bool final = true) =>
        Tell(new AttemptEnded(task, attempt, AttemptResult.Failure(error) with { LogTail = "some output\nthe last line\n" }, final ? TaskStatus.Failed : null, null));
}

/// <summary>Collects the plain lines of a story.</summary>
internal sealed class LineCollector : IRunObserver
{
    private readonly Running.PlainLines _lines = new(TimeZoneInfo.Utc);

    public List<string> Lines { get; } = [];

    public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
    {
        foreach (var e in events) Lines.AddRange(_lines.Of(state, e));
    }
}
