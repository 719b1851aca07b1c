using Skep.Mcp.Folder;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Mcp.Tools.Runs;

/// <summary>Finds runs by what a model writes.</summary>
internal static class RunLook
{
    /// <summary>The newest run, whatever its state.</summary>
    public const string Last = "last";

    /// <summary>Longest text that may name a run.</summary>
    private const int MaxWord = RunRequest.MaxRunIdLength;

    /// <summary>The id: given in full, as a unique beginning, or as <c>last</c>.</summary>
    /// <exception cref="ToolFault">No run, or several, are meant.</exception>
    public static string Find(FolderDesk desk, string word)
    {
        if (word == Last) return desk.Store.List(1) is [var newest] ? newest.Stream : throw new ToolFault("there is no run in this folder yet; run_start or task_orchestrate starts one");
        var short64 = Text.Shorten(word, MaxWord);
        if (word.Length <= MaxWord && desk.Store.Find(word) is not null) return word;
        var matches = word.Length > MaxWord ? [] : desk.Store.List().Select(s => s.Stream).Where(s => s.StartsWith(word, StringComparison.Ordinal)).ToList();
        return matches switch
        {
            [var only] => only,
            [] => throw new ToolFault($"there is no run '{short64}'; {Known(desk)}"),
            _ => throw new ToolFault($"'{short64}' may mean {matches.Count} runs: {string.Join(", ", matches.Take(5))}{(matches.Count > 5 ? ", …" : "")}; write more of it"),
        };
    }

    /// <summary>The run and, behind a '/', the task that a text names.</summary>
    public static (string Run, string? Task) FindTask(FolderDesk desk, string word)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (Find(desk, word), null) : (Find(desk, word[..slash]), word[(slash + 1)..]);
    }

    /// <summary>The folded state of a run.</summary>
    public static RunState Load(FolderDesk desk, string word) => RunReader.Load(desk.Store, desk.Blobs, Find(desk, word));

    /// <summary>A task of a run.</summary>
    /// <exception cref="ToolFault">There is none of that name.</exception>
    public static NodeState Node(RunState state, string task) => state.Find(task) ?? state.Find("gate/" + task)
        ?? throw new ToolFault($"run {state.Info!.Run} has no task or gate '{Text.Shorten(task, 80)}'; it has: {string.Join(", ", state.Nodes.Where(n => n.Task is not null || n.Gate is not null).Take(12).Select(n => n.Gate?.Id ?? n.Key))}");

    /// <summary>Runs that some process works on now.</summary>
    public static async Task<IReadOnlyList<string>> LiveAsync(FolderDesk desk, CancellationToken cancel) => (await desk.OwnerAsync(cancel))?.Runs ?? [];

    /// <summary>The state in a word. A run that is not over and that nobody works on was interrupted.</summary>
    public static string Word(RunState state, IReadOnlyList<string> live) =>
        state.Status.IsEnded() || live.Contains(state.Info!.Run) || state.Status == RunStatus.Paused ? state.Status.Name() : "interrupted";

    /// <summary>The question of a task for a person, its expressions resolved where that is possible.</summary>
    public static string Question(RunState state, NodeState node, string? text)
    {
        try
        {
            return ExpressionEvaluator.Interpolate(text ?? "", new RunScope(state, node)).Trim();
        }
        catch (ExpressionException)
        {
            return (text ?? "").Trim();
        }
    }

    private static string Known(FolderDesk desk)
    {
        var runs = desk.Store.List(6).Select(s => s.Stream).ToList();
        return runs.Count == 0 ? "there are none yet" : $"there are: {string.Join(", ", runs.Take(5))}{(runs.Count > 5 ? ", …" : "")}";
    }
}
