using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys at the top level.</summary>
internal static class PlanKeys
{
    public static KeyTable<PlanDraft> Table { get; } = new(
        "plan",
        "a plan",
        "A plan: agents, phases, tasks and what surrounds them.",
        new("plan", "The plan's name, an identifier.", Shapes.Id, static (b, d, n) => d.Name = b.Id(n, "plan"), IsRequired: true),
        new("goal", "What the plan is for, in a sentence.", Shapes.Text, static (b, d, n) => d.Goal = b.Text(n, "goal")),
        new("version", "The author's version of the plan, free text.", Shapes.ScalarText, static (b, d, n) => d.Version = b.Text(n, "version")),
        new("$schema", "Address of the schema, for editors; ignored.", Shapes.Text, static (b, _, n) => b.Text(n, "$schema")),
        new("schema", "Address of the schema, for editors; ignored.", Shapes.Text, static (b, _, n) => b.Text(n, "schema")),
        new("swarm", "Settings of the swarm as a whole.", new RefShape("swarm"), static (b, d, n) => d.Swarm = SwarmKeys.Read(b, n)),
        new("vars", "Variables with their defaults, used as ${vars.NAME}.", Shapes.ValueMap, static (b, d, n) => d.Vars = Vars(b, n)),
        new("calendar", "Working time: what a day and a week mean in estimates.", new RefShape("calendar"), static (b, d, n) => d.Calendar = CalendarKeys.Read(b, n)),
        new("agents", "Agents by id.", new MapShape(new RefShape("agent"), Identifier.Pattern), static (b, d, n) => d.Agents = AgentKeys.ReadAll(b, n)),
        new("teams", "Groups of agents by id: a list of agents, or lead, members and mission.", new MapShape(new AnyOfShape(new ListShape(Shapes.Id), new RefShape("team")), Identifier.Pattern), static (b, d, n) => d.Teams = TeamKeys.ReadAll(b, n)),
        new("phases", "Steps that group tasks.", new ListShape(new RefShape("phase")), static (b, d, n) => d.Phases = n),
        new("tasks", "Tasks without a phase of their own; they form the first phase, 'main'.", new ListShape(new RefShape("task")), static (b, d, n) => d.Tasks = n),
        new("gates", "Checks that follow the tasks at the top level.", new ListShape(new RefShape("gate")), static (b, d, n) => d.Gates = n),
        new("hooks", "What happens around actions.", HookKeys.Shape, static (b, d, n) => d.Hooks = HookKeys.ReadAll(b, n)),
        new("protocols", "Hooks by name that agents include together.", new MapShape(new RefShape("protocol"), Identifier.Pattern), static (b, d, n) => d.Protocols = ProtocolKeys.ReadAll(b, n)),
        new("mcp", "MCP servers by name, whose tools agents may use.", new MapShape(new RefShape("mcpServer"), Identifier.Pattern), static (b, d, n) => d.McpServers = McpKeys.ReadAll(b, n)),
        new("triggers", "Conditions over time and what they start.", new ListShape(new RefShape("trigger")), static (b, d, n) => d.Triggers = TriggerKeys.ReadAll(b, n)),
        new("escalation", "Whom to turn to, in order, by the name of the concern.", new MapShape(Shapes.TextList, Identifier.Pattern), static (b, d, n) => d.Escalation = EscalationKeys.ReadAll(b, n)),
        new("risks", "What may go wrong.", new ListShape(new RefShape("risk")), static (b, d, n) => d.Risks = RiskKeys.ReadAll(b, n)));

    private static Dictionary<string, PlanValue> Vars(Binder binder, YamlNode node)
    {
        foreach (var (name, _) in (node as YamlMapping)?.Entries ?? []) binder.Sources.Vars.Add(name);
        return binder.Values(node, "vars", areTemplates: false);
    }
}
