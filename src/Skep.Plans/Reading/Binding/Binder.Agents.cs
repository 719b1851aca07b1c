using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Agents that are made from files.</summary>
internal sealed partial class Binder
{
    /// <summary>Where agent files come from.</summary>
    public Agents.AgentFileLoader? AgentFiles { get; init; }

    /// <summary>The file that a node names; null, with an error, when it cannot be had.</summary>
    public AgentFile? AgentFrom(YamlNode node) =>
        LiteralText(node, "from") is { } reference ? AgentFiles?.Load(reference, node.Span, _bag) : null;
}
