using Skep.Coding.Git;
using Skep.Coding.Merging;

namespace Skep.Coding.Tests.Simulation;

/// <summary>The process ends here.</summary>
internal sealed class SimCrashException : Exception;

/// <summary>
/// Everything around the queue, with faults: the process ends before or after anything that it does, git commands outlive it, others move the target,
/// checks fail, get lost or cannot be run, the target's checkout is in the way. The production driver and core run on it.
/// </summary>
internal sealed class SimWorld(ulong seed) : IMergeWorld, IMergeLog, ICandidateCheck
{
    private readonly SimRandom _random = new(seed);
    private bool _dead;

    public SimGit Git { get; } = new();

    public List<MergeEvent> Log { get; } = [];

    /// <summary>Candidates that a check has passed.</summary>
    public HashSet<string> Passed { get; } = [];

    /// <summary>Chance of a fault at each point; zero in the end, so that everything comes to an end.</summary>
    public double Faults { get; set; }

    /// <summary>What happens beside a step of the queue.</summary>
    public Action Meanwhile { get; set; } = static () => { };

    public int Crashes { get; private set; }

    public int Obstacles { get; private set; }

    public bool IsDead => _dead;

    public SimRandom Random => _random;

    public void Revive() => _dead = false;

    /// <summary>Kinds by number: the fate of a branch belongs to its content.</summary>
    public static string Kind(string key) => (key[0] - 'a') switch { 0 => "conflict", 1 => "bad", 2 => "foreign", _ => "good" };

    public Task AppendAsync(MergeState state, MergeEvent recorded)
    {
        Point();
        Assert.Equal(Log.Count, state.Seq);
        Log.Add(recorded);
        Point();
        return Task.CompletedTask;
    }

    public Task<string> TipAsync(CancellationToken cancel)
    {
        Point();
        Refuse("the repository cannot be read");
        return Task.FromResult(Git.Tip);
    }

    public Task<Integration> IntegrateAsync(MergeEntry entry, CancellationToken cancel)
    {
        Point();
        Refuse("no space");
        Meanwhile();
        var key = entry.Work.Key;
        // Announced before it is made.
        Assert.Contains(new IntegrationBegun(entry.Number, entry.Tip!), Log);
        Integration result = Git.HoldsWork(key, entry.Tip!) ? new NothingToDo() : Kind(key) switch
        {
            "conflict" => new Conflicted(new ConflictDetails([new ConflictPath(key, "contents", null, null, null)], 1, key, entry.Tip!, [], [], "")),
            "foreign" => new CannotIntegrate($"{key} has no common history"),
            _ => new IntegratedAs(Git.Commit(entry.Tip!, key), MergeMethod.Merge),
        };
        Point();
        return Task.FromResult(result);
    }

    public Task<string> PrepareAsync(MergeEntry entry, int check, CancellationToken cancel)
    {
        Point();
        Assert.Contains(new CheckBegun(entry.Number, check), Log);
        Refuse("no space");
        Meanwhile();
        return Task.FromResult("/" + entry.Candidate);
    }

    public Task<CheckVerdict> CheckAsync(Candidate candidate, CancellationToken cancel)
    {
        Point();
        if (_random.Chance(Faults / 4)) throw new IOException("the check could not be run");
        Meanwhile();
        cancel.ThrowIfCancellationRequested();
        var good = Kind(candidate.Work.Key) == "good";
        if (good) Passed.Add(candidate.Commit);
        Point();
        return Task.FromResult(new CheckVerdict(good, $"evidence of {candidate.Work.Key}"));
    }

    public Task<string?> ObstacleAsync(MergeEntry entry, CancellationToken cancel)
    {
        Point();
        Meanwhile();
        if (!_random.Chance(Faults)) return Task.FromResult<string?>(null);
        Obstacles++;
        return Task.FromResult<string?>("the checkout has changes");
    }

    public Task<Landing> LandAsync(MergeEntry entry, CancellationToken cancel)
    {
        var (from, to) = (entry.Tip!, entry.Candidate!);
        Assert.Contains(new LandingBegun(entry.Number, from, to), Log);
        Point(() => Git.Outlive(from, to));
        Refuse("the ref is locked");
        Meanwhile();
        Git.Swap(from, to);
        Point();
        return Task.FromResult(new Landing(Git.Tip, Git.IsAncestor(to, Git.Tip), null));
    }

    public Task CleanAsync(MergeState state, CancellationToken cancel)
    {
        Point();
        return Task.CompletedTask;
    }

    /// <summary>Here the process may end, and others may do something.</summary>
    private void Point(Action? outlive = null)
    {
        if (_dead) throw new SimCrashException();
        if (_random.Chance(Faults / 10)) Git.RunOutlived();
        if (Git.Moves < 40 && _random.Chance(Faults / 8)) Git.MoveByOthers();
        if (!_random.Chance(Faults / 5)) return;
        _dead = true;
        Crashes++;
        if (outlive is not null && _random.Chance(0.5)) outlive();
        throw new SimCrashException();
    }

    private void Refuse(string why)
    {
        if (_random.Chance(Faults / 5)) throw new GitException(GitFault.Failed, why);
    }
}
