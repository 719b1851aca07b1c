using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Simulation;

/// <summary>
/// One simulated run: the real core and the real log code, a virtual clock, workers that misbehave, a disk that fails, queens that crash
/// between any two steps and rivals that take over while the old queen still believes in herself.
/// </summary>
internal sealed class SimWorld
{
    private const int MaxSteps = 60_000;
    private const string Run = "sim-run";

    private readonly SimRandom _random;
    private readonly PriorityQueue<Action, (long At, int Order)> _future = new();
    private readonly SimDisk _disk;
    private readonly SimFaults _faults;
    private readonly List<SimQueen> _queens = [];
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
    private long _nowMs;
    private int _order;
    private bool _calm;
    private bool _triedAgain;
    private int _proposed;

    public SimWorld(ulong seed)
    {
        _random = new SimRandom(seed);
        Recounts = seed % 8 == 0;
        Plan = SimPlans.Draw(_random.Fork());
        _faults = SimFaults.Draw(_random.Fork());
        _disk = new SimDisk(_random.Fork()) { FailureRate = _faults.DiskFailure };
    }

    public Plan Plan { get; }

    /// <summary>Whether all sums are counted again after every step; dear, so only some worlds do it.</summary>
    public bool Recounts { get; }

    public IReadOnlyList<RecordedEvent> Log => [.. _disk.Read(Run).Select(e => EventCodec.Decode(e))];

    /// <summary>What shells have put into the folder's memory.</summary>
    public Dictionary<(string Task, int Attempt), string> Memory { get; } = [];

    public int Votes { get; private set; }

    public int Waivers { get; private set; }

    public int Proposals { get; private set; }

    public int Spawned { get; private set; }

    public int Retired { get; private set; }

    public int Crashes { get; private set; }

    public SimDisk Disk => _disk;

    public DateTimeOffset Now => _start + TimeSpan.FromMilliseconds(_nowMs);

    public SimRandom Random => _random;

    public SimFaults Faults => _calm ? SimFaults.None : _faults;

    /// <summary>Runs with faults for a while, then heals everything and demands an end.</summary>
    public void RunToEnd()
    {
        var calmAt = _random.Between(50, 2000);
        Boot();
        for (var step = 0; ; step++)
        {
            if (step == calmAt) Heal();
            if (step > MaxSteps) throw new BrokenPromiseException($"faults stopped at step {calmAt} but the run does not end: {Describe()}");
            if (Ended() && !TriesAgain()) return;
            if (!_future.TryDequeue(out var act, out var key))
            {
                Heal();
                if (_future.Count == 0 && !Ended()) throw new BrokenPromiseException($"nothing is left to happen but the run has not ended: {Describe()}");
                continue;
            }

            _nowMs = Math.Max(_nowMs, key.At);
            act();
            Disturb();
        }
    }

    /// <summary>Checks every promise on the finished log.</summary>
    public void Check()
    {
        var checker = new LogChecker(Plan);
        checker.Check(Log);
        checker.CheckMemory(Memory);
        (Votes, Waivers, Proposals) = (checker.Votes, checker.Waivers, checker.Proposals);
        (Spawned, Retired) = (checker.Agents.Spawned, checker.Agents.Retired);
        var folded = StateDigest.Of(RunLog.Load(_disk, Run, Plan, useSnapshot: false).State);
        var restored = StateDigest.Of(RunLog.Load(_disk, Run, Plan).State);
        Same(folded, restored, "snapshot and log disagree");
        Same(folded, StateDigest.Of(_queens[^1].State), "the living state and the log disagree");
    }

    public void After(long delayMs, Action act) => _future.Enqueue(act, (_nowMs + Math.Max(0, delayMs), _order++));

    /// <summary>An agent proposes tasks: mostly sensible ones, sometimes such that wait for each other or for later phases; now and then it says so twice.</summary>
    public void Propose(SimQueen queen, string task, int attempt)
    {
        var known = queen.State.Nodes.Where(n => n is { Task: not null, Parent: null }).Select(n => n.Key).Concat(Plan.Phases.Select(p => p.Id)).ToList();
        var ids = Enumerable.Range(0, _random.Between(1, 3)).Select(_ => _random.Chance(0.05) ? _random.Pick(known) : $"q{_proposed++}").ToList();
        var tasks = ids.Select(id => $$"""{"id":"{{id}}","prompt":"go on","needs":[{{Needs(known, ids)}}]{{(_random.Chance(0.2) ? ",\"foreach\":[1,2]" : "")}}{{(_random.Chance(0.2) ? ",\"tier\":\"important\"" : "")}}{{(_random.Chance(0.1) ? ",\"agent\":\"person\"" : "")}}{{(_random.Chance(0.02) ? ",\"run\":\"rm\"" : "")}}}""");
        var proposal = new ProposeTasks(task, attempt, $"{task}/{attempt}/{ids[0]}", $$"""{"tasks":[{{string.Join(',', tasks)}}]}""");
        queen.Step(proposal);
        if (_random.Chance(Faults.Twice)) queen.Step(proposal);
    }

    private string Needs(List<string> known, List<string> own)
    {
        var needs = new HashSet<string>();
        for (var i = _random.Below(3); i > 0; i--) needs.Add(_random.Chance(0.3) ? _random.Pick(own) : _random.Pick(known));
        return string.Join(',', needs.Select(n => _random.Chance(0.3) ? $$"""{"id":"{{n}}","on":"settled"}""" : $"\"{n}\""));
    }

    private bool Ended() => _queens.Count > 0 && _queens[^1] is { Alive: true } queen && queen.State.Status.IsEnded() && queen.Idle;

    /// <summary>Now and then a person has what failed done again when all is over.</summary>
    private bool TriesAgain()
    {
        if (_triedAgain || !_random.Chance(0.3)) return false;
        _triedAgain = true;
        var failed = _queens[^1].State.Nodes.Where(n => n.Gate is not null && n.Status.IsFailure()).ToList();
        if (failed.Count > 0 && _random.Chance(0.6)) _queens[^1].Step(new WaiveGate(_random.Pick(failed).Key, "ann", "good enough"));
        else _queens[^1].Step(new RetryTasks(null, "sim"));
        _queens[^1].Reinforce();
        return !Ended();
    }

    private void Disturb()
    {
        if (_queens[^1].Alive && _random.Chance(Faults.Crash)) Crash();
        if (!_queens[^1].Alive && _future.Count == 0) Boot();
        if (_random.Chance(Faults.Rival)) Boot();
        if (_random.Chance(Faults.Control)) _queens[^1].Control();
        if (_random.Chance(Faults.Agents)) _queens[^1].ChangeAgents();
    }

    private void Crash()
    {
        Crashes++;
        _queens[^1].Die();
        After(_random.Between(0, 20_000), Boot);
    }

    /// <summary>A queen takes over. The one before, if she lives, finds out when she next writes.</summary>
    private void Boot()
    {
        if (_queens.Count > 0 && Ended()) return;
        var queen = new SimQueen(this, _queens.Count + 1);
        _queens.Add(queen);
        try
        {
            queen.Begin(_disk, Run);
        }
        catch (StorageException)
        {
            queen.Die();
            After(_random.Between(100, 5000), Boot);
        }
    }

    private void Heal()
    {
        if (_calm && _queens[^1].Alive) return;
        _calm = true;
        _disk.FailureRate = 0;
        Boot();
        _queens[^1].Release();
    }

    /// <summary>A queen could not write: she stands down, and somebody takes over later.</summary>
    public void StoodDown(SimQueen queen)
    {
        queen.Die();
        if (queen == _queens[^1]) After(_random.Between(100, 5000), Boot);
    }

    private string Describe() => string.Join("; ", _queens[^1].State.Nodes.Where(n => !n.Status.IsSettled()).Take(10));

    private static void Same(string expected, string actual, string message)
    {
        if (expected == actual) return;
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        var at = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => a[i] != b[i]);
        throw new BrokenPromiseException($"{message}:\n  {a[at]}\n  {b[at]}");
    }
}
