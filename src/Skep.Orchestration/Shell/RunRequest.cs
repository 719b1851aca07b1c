using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What a run is started from.</summary>
public sealed record RunRequest
{
    /// <summary>Longest run id.</summary>
    public const int MaxRunIdLength = 64;

    /// <summary>Id of the run, unique in its folder: letters, digits, <c>-</c>, <c>_</c>.</summary>
    public required string RunId { get; init; }

    /// <summary>The plan.</summary>
    public required Plan Plan { get; init; }

    /// <summary>Its text. Kept, so that a resumed run follows the plan that it began with.</summary>
    public required string PlanText { get; init; }

    /// <summary>Where the text came from, for people.</summary>
    public string? PlanFile { get; init; }

    /// <summary>Folder of the plan file.</summary>
    public required string PlanDirectory { get; init; }

    /// <summary>Folder in which tasks work.</summary>
    public required string Workspace { get; init; }

    /// <summary>Values of variables, over the plan's defaults.</summary>
    public IReadOnlyDictionary<string, string> Vars { get; init; } = new Dictionary<string, string>();

    /// <summary>Most attempts at once, over the plan's setting.</summary>
    public int? MaxConcurrency { get; init; }
}

/// <summary>A plan is well-formed but cannot be run here; the message says why and what to do.</summary>
public sealed class PlanNotRunnableException(string message) : Exception(message);

/// <summary>Checks what can only be known when a run starts.</summary>
internal static class RunChecks
{
    public static void Require(RunRequest request, IEnumerable<string> executors, IEnumerable<string> gates)
    {
        RequireId(request.RunId);
        RequireExecutors(request.Plan, [.. executors]);
        RequireVars(request);
        var known = gates.ToHashSet(StringComparer.Ordinal);
        if (request.Plan.Gates.FirstOrDefault(g => !g.Planned && !known.Contains(g.Kind)) is { } gate)
            throw new PlanNotRunnableException($"gate '{gate.Id}' is of kind '{gate.Kind}', which this version cannot check; it can check: {string.Join(", ", known.Order(StringComparer.Ordinal))}");
        if (request.MaxConcurrency is < 1 or > RunState.MaxConcurrencyBound)
            throw new PlanNotRunnableException($"max concurrency is {request.MaxConcurrency}; it must be between 1 and {RunState.MaxConcurrencyBound}");
    }

    private static void RequireId(string id)
    {
        var good = id.Length is > 0 and <= RunRequest.MaxRunIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && id[0] != '-';
        if (!good) throw new PlanNotRunnableException($"'{Text.Shorten(id, 80)}' is no run id; use 1 to {RunRequest.MaxRunIdLength} letters, digits, '-' and '_'");
    }

    private static void RequireExecutors(Plan plan, HashSet<string> known)
    {
        var agents = plan.Agents.ToDictionary(a => a.Id, StringComparer.Ordinal);
        var teams = plan.Teams.ToDictionary(t => t.Id, StringComparer.Ordinal);
        foreach (var task in plan.Tasks.Where(t => !t.Planned))
        {
            var ids = task.Agent is null ? [] : teams.TryGetValue(task.Agent, out var team) ? team.Members : [task.Agent];
            foreach (var id in ids)
            {
                if (agents.TryGetValue(id, out var agent) && !known.Contains(agent.Executor))
                    throw new PlanNotRunnableException($"task '{task.Id}' needs agent '{id}' with executor '{agent.Executor}', which this host does not have; it has: {string.Join(", ", known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private static void RequireVars(RunRequest request)
    {
        foreach (var name in request.Vars.Keys)
        {
            if (!request.Plan.Vars.TryGetValue(name, out var value))
                throw new PlanNotRunnableException($"the plan has no variable '{name}'; it has: {(request.Plan.Vars.Count == 0 ? "none" : string.Join(", ", request.Plan.Vars.Keys))}");
            if (value.AsList is not null || value.AsMap is not null)
                throw new PlanNotRunnableException($"variable '{name}' is a {value.KindName} and cannot be given on the command line; change it in the plan");
        }
    }
}
