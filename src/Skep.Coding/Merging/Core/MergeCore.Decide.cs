using Skep.Coding.Git;

namespace Skep.Coding.Merging;

public static partial class MergeCore
{
    /// <summary>Most entries of a queue that are not over.</summary>
    public const int MaxWaiting = 1000;

    /// <summary>How often the target may move away from under an entry before it is handed back.</summary>
    public const int MaxMoves = 8;

    /// <summary>How often a check may fail to run before its entry is handed back.</summary>
    public const int MaxFailedChecks = 3;

    /// <summary>How often a check may end together with its process before its entry is handed back: it may be what ends it.</summary>
    public const int MaxInterruptedChecks = 50;

    /// <summary>Most characters of evidence that are kept; the end is kept, where failures stand.</summary>
    public const int MaxEvidence = 16 * 1024;

    /// <summary>What follows from an input. It does not change the state. What does not fit any more (a late answer) is refused, and changes nothing.</summary>
    public static MergeDecision Decide(MergeState state, MergeInput input)
    {
        ArgumentNullException.ThrowIfNull(state);
        return input switch
        {
            SubmitWork i => Submit(state, i.Work),
            WithdrawWork i => Withdraw(state, i),
            Recovered => Recover(state),
            TipRead i => For(state, i.Entry, _ => new IntegrationBegun(i.Entry, i.Tip), EntryStatus.Queued, EntryStatus.Integrating),
            Integrated i => For(state, i.Entry, head => AfterIntegration(head, i.Result), EntryStatus.Integrating),
            CheckStarting i => For(state, i.Entry, head => head.OpenCheck is null ? new CheckBegun(i.Entry, head.Checks + 1) : null, EntryStatus.Checking),
            CheckEnded i => For(state, i.Entry, head => head.OpenCheck == i.Check ? AfterCheck(head, i) : null, EntryStatus.Checking),
            LandingStarting i => For(state, i.Entry, head => BeforeLanding(head, i.Tip), EntryStatus.Landing),
            LandingEnded i => For(state, i.Entry, head => head.IsLandingBegun ? AfterLanding(head, i.Result) : null, EntryStatus.Landing),
            Hindered i => For(state, i.Entry, head => head.Held == Cut(i.Why) ? null : new EntryHeld(i.Entry, Cut(i.Why))),
            _ => throw new ArgumentException($"unknown input {input?.GetType().Name}", nameof(input)),
        };
    }

    /// <summary>The same submission twice is one; a branch lands once however often it is submitted.</summary>
    private static MergeDecision Submit(MergeState state, BranchWork work)
    {
        if (state.Find(work.Key) is { } known)
            return known.Work.Commit == work.Commit ? new MergeDecision([]) : new MergeDecision([], $"'{work.Key}' was submitted with commit {known.Work.Commit} before, not with {work.Commit}: submit later work under another key");
        if (state.Waiting >= MaxWaiting) return new MergeDecision([], $"{MaxWaiting} branches wait in this merge queue already: wait until some have landed");
        return new MergeDecision([new EntryQueued(state.EntryList.Count + 1, work)]);
    }

    /// <summary>A landing that was begun is carried through, because only git knows whether it has happened. The same twice is one.</summary>
    private static MergeDecision Withdraw(MergeState state, WithdrawWork input) => state.Find(input.Key) switch
    {
        null => new MergeDecision([], $"nothing was submitted under '{input.Key}'"),
        { Status: EntryStatus.Withdrawn } => new MergeDecision([]),
        { Landed: { } landed } => new MergeDecision([], $"'{input.Key}' has landed as {landed.Commit}: revert that commit instead"),
        { HandedBack: { } back } => new MergeDecision([], $"'{input.Key}' was handed back already ({back.Reason})"),
        { IsLandingBegun: true } => new MergeDecision([], $"'{input.Key}' is landing at this moment: look again, and revert the commit when it has landed"),
        var entry => new MergeDecision([new EntryWithdrawn(entry.Number, input.By)]),
    };

    /// <summary>A check ends with its process. Everything else is found again by looking at git.</summary>
    private static MergeDecision Recover(MergeState state)
    {
        if (state.Head is not { OpenCheck: { } check } head) return new MergeDecision([]);
        return new MergeDecision([head.InterruptedChecks + 1 < MaxInterruptedChecks
            ? new CheckLost(head.Number, check, "its process ended", Interrupted: true)
            : Back(head, HandBackReason.CheckLost, $"the process ended {MaxInterruptedChecks} times while the candidate was checked: the check itself may be what ends it")]);
    }

    private static MergeEvent AfterIntegration(MergeEntry head, Integration result) => result switch
    {
        IntegratedAs made => new CandidateMade(head.Number, made.Commit, made.Method),
        NothingToDo => new EntryLanded(head.Number, head.Tip!, "the target held all of it already"),
        Conflicted with => Back(head, HandBackReason.Conflict, Describe(head, with.Conflict), with.Conflict),
        CannotIntegrate cannot => Back(head, HandBackReason.NotMergeable, cannot.Why),
        _ => throw new ArgumentException($"unknown result {result?.GetType().Name}", nameof(result)),
    };

    private static MergeEvent AfterCheck(MergeEntry head, CheckEnded ended)
    {
        if (ended.Verdict is { Passed: true } good) return new CheckPassed(head.Number, ended.Check, Cut(good.Evidence));
        if (ended.Verdict is { } bad) return Back(head, HandBackReason.GateFailed, bad.Evidence);
        var why = Cut(ended.Why ?? "it said nothing");
        return head.FailedChecks + 1 < MaxFailedChecks
            ? new CheckLost(head.Number, ended.Check, why, Interrupted: false)
            : Back(head, HandBackReason.CheckLost, $"the check could not be run, {MaxFailedChecks} times; at last: {why}");
    }

    /// <summary>A landing that was begun is carried through: only git can tell whether it has happened.</summary>
    private static MergeEvent? BeforeLanding(MergeEntry head, string tip)
    {
        if (head.IsLandingBegun) return null;
        return tip == head.Tip ? new LandingBegun(head.Number, tip, head.Candidate!) : Moved(head, tip);
    }

    private static MergeEvent AfterLanding(MergeEntry head, Landing result) =>
        result.Landed ? new EntryLanded(head.Number, head.Candidate!, result.Behind) : Moved(head, result.Tip);

    private static MergeEvent Moved(MergeEntry head, string tip) => head.Moves + 1 < MaxMoves
        ? new TargetMoved(head.Number, head.Tip!, tip)
        : Back(head, HandBackReason.TargetMoved, $"others moved the target {MaxMoves} times while this branch was checked, at last from {head.Tip} to {tip}: submit it again when the target is quieter");

    private static EntryHandedBack Back(MergeEntry head, HandBackReason reason, string text, ConflictDetails? conflict = null) =>
        new(head.Number, reason, Cut(text), head.Candidate, conflict);

    private static string Describe(MergeEntry head, ConflictDetails conflict) =>
        $"'{head.Work.Branch}' (commit {conflict.At}) conflicts with its target at {conflict.Tip} in {conflict.PathCount} path{(conflict.PathCount == 1 ? "" : "s")}: "
        + string.Join(", ", conflict.Paths.Take(10).Select(p => $"{p.Path} ({p.Kind})")) + (conflict.PathCount > 10 ? ", …" : "");

    private static MergeDecision For(MergeState state, int entry, Func<MergeEntry, MergeEvent?> decide, params ReadOnlySpan<EntryStatus> fitting)
    {
        if (state.Head is not { } head || head.Number != entry) return new MergeDecision([], $"it is not entry {entry}'s turn");
        if (fitting.Length > 0 && !fitting.Contains(head.Status)) return new MergeDecision([], $"entry {entry} is {head.Status}");
        return decide(head) is { } follows ? new MergeDecision([follows]) : new MergeDecision([], "it says nothing new");
    }

    private static string Cut(string text) => text.Length <= MaxEvidence ? text : "…" + text[^MaxEvidence..];
}
