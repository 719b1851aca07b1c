namespace Skep.Coding.Merging;

/// <summary>A merge queue to open.</summary>
/// <param name="Run">The run.</param>
/// <param name="Target">The branch to land on; it must exist.</param>
/// <param name="Method">How branches come into it. A queue that was begun before keeps its method.</param>
/// <param name="Check">Runs the plan's gates on candidates.</param>
public sealed record MergeQueueOptions(string Run, string Target, MergeMethod Method, ICandidateCheck Check)
{
    /// <summary>How long to wait before something that hinders (a checkout with changes, a lock of git) is looked at again. Default 5 seconds.</summary>
    public TimeSpan RetryWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told of every event once it is durable, on the queue's own thread: be quick.</summary>
    public Action<MergeEvent>? Observer { get; init; }
}
