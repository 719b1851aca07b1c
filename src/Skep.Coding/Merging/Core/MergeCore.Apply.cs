namespace Skep.Coding.Merging;

/// <summary>
/// The semantics of a merge queue, pure: <see cref="Apply"/> folds events, <see cref="Decide"/> turns what came in into events, <see cref="Next"/> tells
/// what ought to happen now. Entries are integrated one at a time and settled in their order. Recovery after a crash is: read the events,
/// fold, decide <see cref="Recovered"/>, and do what <see cref="Next"/> says; every step looks at git before it acts.
/// </summary>
public static partial class MergeCore
{
    /// <summary>Folds one event into the state. The only place where it changes.</summary>
    /// <exception cref="MergeLogException">The event does not fit the state.</exception>
    public static void Apply(MergeState state, MergeEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(state);
        switch (recorded)
        {
            case QueueOpened e: Open(state, e); break;
            case EntryQueued e: Queue(state, e); break;
            case IntegrationBegun e: (At(state, e.Entry, EntryStatus.Queued, EntryStatus.Integrating).Status, state.Head!.Tip) = (EntryStatus.Integrating, e.Tip); break;
            case CandidateMade e: (At(state, e.Entry, EntryStatus.Integrating).Status, state.Head!.Candidate) = (EntryStatus.Checking, e.Commit); break;
            case CheckBegun e: BeginCheck(state, e); break;
            case CheckLost e: LoseCheck(state, e); break;
            case CheckPassed e: (EndCheck(state, e.Entry, e.Check).Status, state.Head!.Evidence) = (EntryStatus.Landing, e.Evidence); break;
            case LandingBegun e: At(state, e.Entry, EntryStatus.Landing).IsLandingBegun = true; break;
            case TargetMoved e: MoveBack(At(state, e.Entry, EntryStatus.Landing)); break;
            case EntryHeld: break;
            case EntryLanded e: (At(state, e.Entry, EntryStatus.Integrating, EntryStatus.Landing).Status, state.Head!.Landed) = (EntryStatus.Landed, e); break;
            case EntryHandedBack e: HandBack(state, e); break;
            case EntryWithdrawn e: Withdraw(state, e); break;
            default: throw Bad(state, $"has a type that this version does not know: {recorded?.GetType().Name}");
        }

        // Whatever happens to the head tells that it goes on.
        if (state.Head is { } head && recorded is not (QueueOpened or EntryQueued or EntryWithdrawn)) head.Held = (recorded as EntryHeld)?.Why;
        Advance(state);
        state.Seq++;
    }

    private static void Open(MergeState state, QueueOpened e)
    {
        if (state.Opened is not null) throw Bad(state, "opens it twice");
        state.Opened = e;
    }

    private static void Queue(MergeState state, EntryQueued e)
    {
        if (state.Opened is null) throw Bad(state, "comes before its beginning");
        var entry = new MergeEntry(e.Entry, e.Work);
        if (e.Entry != state.EntryList.Count + 1 || !state.ByKey.TryAdd(e.Work.Key, entry)) throw Bad(state, $"queues entry {e.Entry} ('{e.Work.Key}') out of order or twice");
        state.EntryList.Add(entry);
    }

    private static void BeginCheck(MergeState state, CheckBegun e)
    {
        var entry = At(state, e.Entry, EntryStatus.Checking);
        if (entry.OpenCheck is not null || e.Check != entry.Checks + 1) throw Bad(state, $"begins check {e.Check} of entry {e.Entry} out of order");
        (entry.OpenCheck, entry.Checks) = (e.Check, e.Check);
    }

    private static void LoseCheck(MergeState state, CheckLost e)
    {
        var entry = EndCheck(state, e.Entry, e.Check);
        if (e.Interrupted) entry.InterruptedChecks++;
        else entry.FailedChecks++;
    }

    private static MergeEntry EndCheck(MergeState state, int number, int check)
    {
        var entry = At(state, number, EntryStatus.Checking);
        if (entry.OpenCheck != check) throw Bad(state, $"ends check {check} of entry {number}, which is not under way");
        entry.OpenCheck = null;
        return entry;
    }

    /// <summary>It stays at its place, so that the order is kept. Another candidate needs another check.</summary>
    private static void MoveBack(MergeEntry entry)
    {
        (entry.Status, entry.Tip, entry.Candidate, entry.Evidence, entry.IsLandingBegun) = (EntryStatus.Queued, null, null, null, false);
        entry.Moves++;
    }

    private static void HandBack(MergeState state, EntryHandedBack e)
    {
        var entry = At(state, e.Entry, EntryStatus.Integrating, EntryStatus.Checking, EntryStatus.Landing);
        (entry.Status, entry.HandedBack, entry.OpenCheck) = (EntryStatus.HandedBack, e, null);
    }

    private static void Withdraw(MergeState state, EntryWithdrawn e)
    {
        var entry = e.Entry >= 1 && e.Entry <= state.EntryList.Count ? state.EntryList[e.Entry - 1] : throw Bad(state, $"withdraws entry {e.Entry}, which was never queued");
        if (entry.IsSettled || entry.IsLandingBegun) throw Bad(state, $"withdraws entry {e.Entry}, which is {entry.Status}");
        (entry.Status, entry.Withdrawn, entry.OpenCheck) = (EntryStatus.Withdrawn, e, null);
        if (entry != state.Head) state.WithdrawnBehind++;
    }

    /// <summary>Goes on to the next entry that is not over.</summary>
    private static void Advance(MergeState state)
    {
        for (var first = true; state.Head is { IsSettled: true }; first = false)
        {
            if (!first) state.WithdrawnBehind--;
            state.Settled++;
        }
    }

    private static MergeEntry At(MergeState state, int number, params ReadOnlySpan<EntryStatus> fitting)
    {
        if (state.Head is not { } head || head.Number != number) throw Bad(state, $"speaks of entry {number}, whose turn it is not");
        return fitting.Contains(head.Status) ? head : throw Bad(state, $"does not fit entry {number}, which is {head.Status}");
    }

    private static MergeLogException Bad(MergeState state, string what) => new($"event {state.Seq + 1} of the merge queue {what}: its log is damaged");
}

/// <summary>The log of a merge queue cannot be read.</summary>
public sealed class MergeLogException(string message, Exception? inner = null) : Exception(message, inner);
