namespace Skep.Orchestration.Processes;

/// <summary>
/// A child and all that came from it. A member is in the child's session or process group, or carries the attempt's mark in its environment.
/// Without /proc (macOS) only the process group is known.
/// </summary>
internal sealed class ProcessTree(ChildProcess leader, ProcessMarker marker, TimeProvider time)
{
    /// <summary>How long to wait for killed processes to disappear; the kernel may be stuck in a disk or network file system.</summary>
    public static readonly TimeSpan KillWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LastPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Below this age fewer processes can have been started than there are process ids, so that <see cref="ProcFs.LastPid"/> is meaningful.</summary>
    private static readonly TimeSpan PidsUnique = TimeSpan.FromSeconds(1);

    /// <summary>Above this many newer process ids listing all processes is cheaper than trying each.</summary>
    private const int MaxProbes = 128;

    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Sends a signal to every member.</summary>
    public void Signal(int signal)
    {
        var led = leader.SignalGroup(signal);
        if (!UnixSystem.HasProc)
        {
            if (!led) _ = LibC.Kill(-leader.Id, signal);
            return;
        }

        foreach (var member in Members())
            if (!led || member.Group != leader.Id)
                _ = LibC.Kill(member.Pid, signal);
    }

    /// <summary>
    /// Ends every member: TERM, then KILL for those that are still there after <paramref name="grace"/>. Returns true when all are gone.
    /// </summary>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        Signal(Signals.Term);
        Signal(Signals.Continue);
        return await WaitUntilGoneAsync(grace) || await KillAsync();
    }

    /// <summary>Kills every member as it is: one that is stopped takes no further step. Returns true when all are gone.</summary>
    public Task<bool> KillAsync()
    {
        Signal(Signals.Kill);
        return WaitUntilGoneAsync(KillWait, again: Signals.Kill);
    }

    /// <summary>Whether any member lives, the leader included.</summary>
    public bool HasMembers() => UnixSystem.HasProc ? Members().Count > 0 : LibC.Kill(-leader.Id, 0) == 0;

    /// <summary>The members that live, without the leader once it has ended. Empty without /proc.</summary>
    public List<ProcessStat> Members()
    {
        var members = new List<ProcessStat>();
        if (!UnixSystem.HasProc) return members;
        foreach (var pid in Candidates())
            if (ProcFs.Stat(pid) is { IsDead: false } stat && IsMember(stat))
                members.Add(stat);
        return members;
    }

    private bool IsMember(in ProcessStat stat) => stat.Pid != Environment.ProcessId
        && (stat.Session == leader.Id || stat.Group == leader.Id || ProcFs.EnvironMatches(stat.Pid, marker));

    /// <summary>Ids that may belong to members: usually just those given out since the leader's.</summary>
    private IEnumerable<int> Candidates()
    {
        var last = time.GetElapsedTime(_startedAt) < PidsUnique ? ProcFs.LastPid() : 0;
        return last >= leader.Id && last - leader.Id <= MaxProbes ? Enumerable.Range(leader.Id, last - leader.Id + 1) : ProcFs.Ids();
    }

    /// <summary>Waits until no member lives: true, or until the limit is over: false.</summary>
    public Task<bool> WaitUntilGoneAsync(TimeSpan limit) => WaitUntilGoneAsync(limit, again: null);

    private async Task<bool> WaitUntilGoneAsync(TimeSpan limit, int? again)
    {
        var expired = Task.Delay(limit, time);
        for (var pause = FirstPoll; !IsGone(); pause = Shorter(pause * 2, LastPoll))
        {
            if (expired.IsCompleted) return false;
            // The end of a stranger is not announced, hence the polling; it happens only while a tree is being stopped.
            var poll = Task.Delay(pause, TimeProvider.System);
            await (leader.Exit.IsCompleted ? Task.WhenAny(poll, expired) : Task.WhenAny(leader.Exit, poll, expired));
            if (again is { } signal) Signal(signal);
        }

        return true;
    }

    private bool IsGone()
    {
        if (!leader.Exit.IsCompleted) return false;
        ReapAdopted();
        return !HasMembers();
    }

    /// <summary>When Skep is process 1 of a container, orphans of the group become its children and would stay behind as zombies.</summary>
    private unsafe void ReapAdopted()
    {
        if (Environment.ProcessId != 1) return;
        var usage = stackalloc long[ResourceUsage.Words];
        while (LibC.Wait4(-leader.Id, out _, LibC.WaitNoHang, usage) > 0)
        {
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
