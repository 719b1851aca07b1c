using Skep.Plans.Reading.Agents;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Schema;

namespace Skep.Plans;

/// <summary>The front matter of agent files as a JSON Schema. Written from the tables by which they are read.</summary>
public static class AgentSchema
{
    private static readonly Lazy<string> Text = new(Build);

    /// <summary>The schema (draft 2020-12), indented.</summary>
    public static string Json => Text.Value;

    /// <summary>All tables of keys: the one of the top level first.</summary>
    internal static IReadOnlyList<IKeyTable> Tables { get; } = [AgentFileKeys.Table, LimitsKeys.Table, BudgetKeys.Table];

    private static string Build() => SchemaText.Build("Skep agent file", Tables, Shapes.Definitions.Where(d => d.Name != "needs"));
}
