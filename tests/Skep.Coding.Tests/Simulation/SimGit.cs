namespace Skep.Coding.Tests.Simulation;

/// <summary>A commit of the simulated repository.</summary>
internal sealed record SimCommit(string Id, string Parent, string Content);

/// <summary>The target's history, and what a process that was killed may still do to it.</summary>
internal sealed class SimGit
{
    private readonly Dictionary<string, SimCommit> _commits = new() { ["t0"] = new SimCommit("t0", "", "root") };
    private readonly List<(string From, string To)> _outlived = [];

    public string Tip { get; private set; } = "t0";

    public int Moves { get; private set; }

    /// <summary>A commit is named by what it is: making it again makes the same one.</summary>
    public string Commit(string parent, string content)
    {
        var id = $"{content}#{parent}";
        _commits.TryAdd(id, new SimCommit(id, parent, content));
        return id;
    }

    public bool Swap(string from, string to)
    {
        if (Tip != from) return false;
        Tip = to;
        return true;
    }

    /// <summary>A command outlives the process that started it.</summary>
    public void Outlive(string from, string to) => _outlived.Add((from, to));

    public void RunOutlived()
    {
        foreach (var (from, to) in _outlived) Swap(from, to);
        _outlived.Clear();
    }

    public void MoveByOthers() => Tip = Commit(Tip, $"other{++Moves}");

    public bool IsAncestor(string commit, string of)
    {
        for (var at = of; at.Length > 0; at = _commits[at].Parent)
            if (at == commit) return true;
        return false;
    }

    /// <summary>The target's history, the oldest first.</summary>
    public List<SimCommit> History() => HistoryOf(Tip);

    /// <summary>Whether a work is in the history of a commit.</summary>
    public bool HoldsWork(string key, string at) => HistoryOf(at).Any(c => c.Content == key);

    private List<SimCommit> HistoryOf(string commit)
    {
        var commits = new List<SimCommit>();
        for (var at = commit; at.Length > 0; at = _commits[at].Parent) commits.Add(_commits[at]);
        commits.Reverse();
        return commits;
    }
}
