using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Which kind of part an expression belongs to; it decides what the expression may name.</summary>
internal enum OwnerKind
{
    Swarm,
    Agent,
    Hook,
    Task,
    Gate,
}

/// <summary>The part of the plan that an expression belongs to.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Index">Its index among the plan's tasks or gates, in file order.</param>
internal readonly record struct Owner(OwnerKind Kind, int Index)
{
    /// <summary>The swarm as a whole.</summary>
    public static Owner Swarm => new(OwnerKind.Swarm, -1);
}

/// <summary>A name that an expression uses.</summary>
/// <param name="Owner">Whose expression it is.</param>
/// <param name="Path">The name with its members.</param>
/// <param name="At">Position.</param>
/// <param name="IsControl">Whether it stands in <c>when</c> or <c>foreach</c>, where there is no item yet.</param>
internal sealed record Reference(Owner Owner, IReadOnlyList<string> Path, SourceSpan At, bool IsControl);

/// <summary>An environment variable as written.</summary>
internal readonly record struct EnvironmentValue(YamlScalar Name, YamlScalar Value);

/// <summary>A hook with its node.</summary>
/// <param name="Hook">The hook as read.</param>
/// <param name="Node">The mapping that it was read from.</param>
internal readonly record struct HookSource(HookSpec Hook, YamlMapping Node);

/// <summary>Where the parts of a plan stand. Nodes are kept instead of copied positions; most are never asked.</summary>
internal sealed class PlanSources
{
    /// <summary>Nodes of the tasks, in file order.</summary>
    public List<YamlMapping> Tasks { get; } = [];

    /// <summary>Nodes of the agents, in file order.</summary>
    public List<YamlMapping> Agents { get; } = [];

    /// <summary>Nodes of the phases, in file order; null for the one of the tasks at the top level.</summary>
    public List<YamlMapping?> Phases { get; } = [];

    /// <summary>Nodes of the risks, in file order.</summary>
    public List<YamlMapping> Risks { get; } = [];

    /// <summary>Nodes of the triggers, in file order.</summary>
    public List<YamlMapping> Triggers { get; } = [];

    /// <summary>Nodes of the teams, in file order: a mapping, or a list of members.</summary>
    public List<YamlNode> Teams { get; } = [];

    /// <summary>Nodes of the gates, in file order; null for a gate written as one text.</summary>
    public List<YamlMapping?> Gates { get; } = [];

    /// <summary>All hooks of the plan, wherever they hang, in the order in which they were read.</summary>
    public List<HookSource> Hooks { get; } = [];

    /// <summary>Names that expressions use.</summary>
    public List<Reference> References { get; } = [];

    /// <summary>All environment variables of the plan.</summary>
    public List<EnvironmentValue> EnvironmentValues { get; } = [];

    /// <summary>Names of the variables, with their positions.</summary>
    public List<YamlScalar> Vars { get; } = [];

    /// <summary>The swarm's node.</summary>
    public YamlMapping? Swarm { get; set; }

    /// <summary>Position of a key's value in a mapping, or of the mapping.</summary>
    public static SourceSpan At(YamlMapping? mapping, string key, SourceSpan otherwise) => mapping?.Find(key)?.Span ?? otherwise;

    /// <summary>Position of an item of a list under a key.</summary>
    public static SourceSpan At(YamlMapping? mapping, string key, int index, SourceSpan otherwise) => mapping?.Find(key) switch
    {
        YamlSequence list when index < list.Items.Count => list.Items[index].Span,
        { } node => node.Span,
        _ => otherwise,
    };
}
