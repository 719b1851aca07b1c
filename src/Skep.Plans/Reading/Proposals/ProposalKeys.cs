using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>
/// What agents may say of tasks that they propose. Commands, files, environment, memory and hooks are the plan author's: an agent that could
/// name them would have whatever the plan's other agents have.
/// </summary>
internal static class ProposalKeys
{
    public static KeyTable<TaskDraft> Task { get; } = new(
        "proposed_task",
        "a proposed task",
        "A task that an agent proposes.",
        [.. new[] { "id", "title", "agent", "prompt", "needs", "foreach", "when", "tier", "timeout", "estimate", "retry", "output_schema", "acceptance", "pin", "allow_failure" }.Select(k => TaskKeys.Table[k])]);

    public static KeyTable<ProposalDraft> Table { get; } = new(
        "proposal",
        "a proposal",
        "Tasks that an agent proposes while a run is at work.",
        new Key<ProposalDraft>("tasks", "The tasks.", new ListShape(new RefShape("proposed_task")), static (_, d, n) => d.Tasks = n, IsRequired: true));
}

/// <summary>A proposal while it is read.</summary>
internal sealed class ProposalDraft
{
    public YamlNode? Tasks { get; set; }
}
