namespace Skep.Cli.Running;

/// <summary>Numbers of a run as a whole.</summary>
internal sealed record BoardHead(string Plan, string Run, RunStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Total, int Settled, int Failed, int Retries);

/// <summary>An agent at work.</summary>
internal sealed record WorkingAgent(string Agent, string Task, DateTimeOffset Since, string LastLine, bool Paused);

/// <summary>A task, or an approval gate, that waits for a person.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Question">What is asked.</param>
/// <param name="HowTo">The command that answers, where it is not <c>skep answer</c>.</param>
internal sealed record WaitingPerson(string Task, string Question, string? HowTo = null);

/// <summary>A task that has ended.</summary>
internal sealed record SettledTask(string Task, TaskStatus Status, TimeSpan Duration, string? Error);

/// <summary>A phase and its tasks by state.</summary>
internal readonly record struct PhaseCounts(string Title, TaskStatus Status, int Total, int Running, int Succeeded, int Failed, int Skipped, int Planned = 0)
{
    public int Settled => Succeeded + Failed + Skipped + Planned;

    public PhaseCounts Add(TaskStatus status, bool planned, int n) => (this with { Total = Total + n }) switch
    {
        var p when status.IsInFlight() => p with { Running = p.Running + n },
        var p when status is TaskStatus.Succeeded or TaskStatus.Waived => p with { Succeeded = p.Succeeded + n },
        var p when status == TaskStatus.Skipped && planned => p with { Planned = p.Planned + n },
        var p when status == TaskStatus.Skipped => p with { Skipped = p.Skipped + n },
        var p when status.IsFailure() => p with { Failed = p.Failed + n },
        var p => p,
    };
}

/// <summary>A run at one moment, for drawing.</summary>
internal sealed record BoardPicture(
    BoardHead Head,
    IReadOnlyList<PhaseCounts> Phases,
    IReadOnlyList<WorkingAgent> Working,
    int WorkingCount,
    IReadOnlyList<WaitingPerson> Waiting,
    IReadOnlyList<SettledTask> Recent,
    IReadOnlyList<SettledTask> Failures,
    TimeSpan? Eta);

/// <summary>What is still to do, in seconds: estimates where the plan has them, else the mean of what was measured.</summary>
internal sealed class RemainingWork
{
    private double _estimated;
    private int _open;
    private int _unestimated;
    private double _measured;
    private int _measurements;

    public void Open(TimeSpan? estimate, int n)
    {
        _open += n;
        if (estimate is { } e) _estimated += e.TotalSeconds * n;
        else _unestimated += n;
    }

    public void Measured(TimeSpan duration)
    {
        _measured += Math.Max(0, duration.TotalSeconds);
        _measurements++;
    }

    /// <summary>Time until the end, or null while nothing is known.</summary>
    public TimeSpan? Eta(int concurrency)
    {
        if (_open == 0 || (_unestimated > 0 && _measurements == 0)) return null;
        var seconds = _estimated + (_unestimated == 0 ? 0 : _unestimated * _measured / _measurements);
        return TimeSpan.FromSeconds(Math.Min(seconds / Math.Min(concurrency, _open), TimeSpan.FromDays(365).TotalSeconds));
    }
}
