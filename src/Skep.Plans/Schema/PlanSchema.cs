using Skep.Plans.Reading.Binding;
using Skep.Plans.Schema;

namespace Skep.Plans;

/// <summary>The plan language as a JSON Schema, so that editors complete and check plans. Written from the tables by which plans are read.</summary>
public static class PlanSchema
{
    private static readonly Lazy<string> Text = new(Build);

    /// <summary>The schema (draft 2020-12), indented.</summary>
    public static string Json => Text.Value;

    /// <summary>All tables of keys: the one of the top level first.</summary>
    internal static IReadOnlyList<IKeyTable> Tables { get; } =
    [
        PlanKeys.Table, SwarmKeys.Table, BudgetKeys.Table, OptimizerKeys.Table, OptimizerKeys.RuleTable, CommitteeKeys.Table, MergeKeys.Table, AgentKeys.Table, LimitsKeys.Table, TeamKeys.Table,
        PhaseKeys.Table, TaskKeys.Table, RetryKeys.Table, NeedKeys.Table, HookKeys.Table, HookKeys.ProtocolTable, ProtocolKeys.Table, McpKeys.Table, TriggerKeys.Table, CalendarKeys.Table, RiskKeys.Table,
        .. GateReader.Forms.SelectMany(k => k.Tables),
    ];

    private static string Build() => SchemaText.Build("Skep plan", Tables, [.. Shapes.Definitions, Gate]);

    private static (string Name, string Description, Shape Shape) Gate
    {
        get
        {
            Shape[] forms = [Shapes.Text, .. GateReader.Forms.Select(k => new RefShape(k.Keys.Name))];
            return ("gate", "A typed check with evidence; a text such as 'coverage >= 85' checks a metric.", new AnyOfShape(forms));
        }
    }
}
