using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Runs;

/// <summary>Follows a run by its log, whoever works on it, and tells how far it has come. To stop following does nothing to the run.</summary>
internal sealed class RunFollower
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly FolderDesk _desk;
    private readonly string _run;
    private long _next = 1;

    public RunFollower(FolderDesk desk, string run)
    {
        (_desk, _run) = (desk, run);
        State = RunReader.Load(desk.Store, desk.Blobs, run);
        _next = State.Seq + 1;
    }

    /// <summary>The run as it stands.</summary>
    public RunState State { get; private set; }

    /// <summary>Whether it is over, or cannot go on before somebody has done something.</summary>
    public bool Rests => State.Status.IsEnded() || State.Status == RunStatus.Paused || (State.RunningCount > 0 && State.Nodes.Where(n => n.Current is not null).All(AwaitsPerson));

    /// <summary>Follows until the run rests or the time is up.</summary>
    public async Task FollowAsync(TimeSpan limit, Progress tell, CancellationToken cancel)
    {
        var since = _desk.Time.GetTimestamp();
        await tell(State.WorkSettled, State.WorkTotal, Words());
        while (!Rests && _desk.Time.GetElapsedTime(since) < limit)
        {
            await Task.Delay(Poll, _desk.Time, cancel);
            if (Advance()) await tell(State.WorkSettled, State.WorkTotal, Words());
        }
    }

    /// <summary>Takes in what has happened since; false when nothing has.</summary>
    public bool Advance()
    {
        var before = _next;
        foreach (var e in RunReader.Events(_desk.Store, _run, _next))
        {
            // Tasks that were admitted change the plan itself: it is read anew.
            if (e.Event is TasksAdmitted)
            {
                State = RunReader.Load(_desk.Store, _desk.Blobs, _run);
                _next = State.Seq + 1;
                return true;
            }

            Queen.Apply(State, e.Event, e.At);
            _next = e.Seq + 1;
        }

        return _next > before;
    }

    private bool AwaitsPerson(NodeState node) => node.Gate?.Approval is not null || State.Agent(node.Current!.Agent)?.Executor == Plans.ExecutorKinds.Human;

    private string Words()
    {
        var running = State.Nodes.Where(n => n.Current is not null && n.Items is null).Select(n => n.Key).Take(4).ToList();
        return $"{State.Info!.Run} {State.Status.Name()}: {State.WorkSettled} of {State.WorkTotal} settled{(State.WorkFailed > 0 ? $", {State.WorkFailed} failed" : "")}{(running.Count > 0 ? $"; at work: {string.Join(", ", running)}" : "")}";
    }
}
