using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation;

/// <summary>A plan with its parts by name, their positions, and the order among them. Of parts with the same id the first one counts.</summary>
internal sealed class ValidationContext
{
    private readonly Lazy<OrderGraph> _order;
    private readonly Lazy<OrderSearch> _search;
    private readonly Lazy<OrderQueries> _queries;

    /// <summary>Prepares a plan for its rules.</summary>
    public ValidationContext(Plan plan, PlanSources sources, DiagnosticBag bag)
    {
        (Plan, Sources, Bag) = (plan, sources, bag);
        Tasks = [.. plan.Tasks];
        Gates = [.. plan.Gates];
        TaskIndex = Index(Tasks.Select(t => t.Id), Tasks.Count);
        PhaseIndex = Index(plan.Phases.Select(p => p.Id), plan.Phases.Count);
        AgentIndex = Index(plan.Agents.Select(a => a.Id), plan.Agents.Count);
        TeamIndex = Index(plan.Teams.Select(t => t.Id), plan.Teams.Count);
        _order = new Lazy<OrderGraph>(() => OrderGraph.Build(this));
        _search = new Lazy<OrderSearch>(() => OrderSearch.Run(Order));
        _queries = new Lazy<OrderQueries>(() => new OrderQueries(this, Search.Levels));
    }

    /// <summary>The plan.</summary>
    public Plan Plan { get; }

    /// <summary>Where its parts stand.</summary>
    public PlanSources Sources { get; }

    /// <summary>Where findings go.</summary>
    public DiagnosticBag Bag { get; }

    /// <summary>All tasks in file order.</summary>
    public IReadOnlyList<PlanTask> Tasks { get; }

    /// <summary>All gates in file order.</summary>
    public IReadOnlyList<GateSpec> Gates { get; }

    /// <summary>Tasks by id.</summary>
    public Dictionary<string, int> TaskIndex { get; }

    /// <summary>Phases by id.</summary>
    public Dictionary<string, int> PhaseIndex { get; }

    /// <summary>Agents by id.</summary>
    public Dictionary<string, int> AgentIndex { get; }

    /// <summary>Teams by id.</summary>
    public Dictionary<string, int> TeamIndex { get; }

    /// <summary>Names of the protocols that agents may follow: the plan's own and the built-in ones.</summary>
    public IReadOnlyCollection<string> ProtocolNames => [.. Plan.Protocols.Select(p => p.Id), .. BuiltInProtocols.All.Select(p => p.Id)];

    /// <summary>The order among tasks, gates and phases.</summary>
    public OrderGraph Order => _order.Value;

    /// <summary>Cycles and levels of that order.</summary>
    public OrderSearch Search => _search.Value;

    /// <summary>Who waits for whom; only where there are no cycles.</summary>
    public OrderQueries? Queries => Search.Cycles.Count == 0 ? _queries.Value : null;

    /// <summary>The specs that may do a task: one, or the members of its team. Empty when the reference is wrong.</summary>
    public IEnumerable<AgentSpec> AgentsOf(PlanTask task)
    {
        if (task.Agent is not { } id) return [AgentSpec.Implicit];
        if (AgentIndex.TryGetValue(id, out var agent)) return [Plan.Agents[agent]];
        return TeamIndex.TryGetValue(id, out var team)
            ? Plan.Teams[team].Members.Where(AgentIndex.ContainsKey).Select(m => Plan.Agents[AgentIndex[m]])
            : [];
    }

    /// <summary>Position of a key's value in a task.</summary>
    public SourceSpan TaskAt(int task, string key) => PlanSources.At(Sources.Tasks[task], key, Tasks[task].At);

    /// <summary>Position of an item under a key of a task.</summary>
    public SourceSpan TaskAt(int task, string key, int index) => PlanSources.At(Sources.Tasks[task], key, index, Tasks[task].At);

    private static Dictionary<string, int> Index(IEnumerable<string> ids, int count)
    {
        var index = new Dictionary<string, int>(count, StringComparer.Ordinal);
        var i = 0;
        foreach (var id in ids) index.TryAdd(id, i++);
        return index;
    }
}
