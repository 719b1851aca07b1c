using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>limits</c>.</summary>
internal static class LimitsKeys
{
    private const int MaxTurns = 10_000;
    private const int MaxOutputTokens = 10_000_000;

    public static KeyTable<LimitsDraft> Table { get; } = new(
        "limits",
        "'limits'",
        "Limits of one attempt; what is not stated is unlimited, but turns have a cap in any case.",
        new("memory", "Resident memory of the whole process tree.", Shapes.Size, static (b, d, n) => d.Limits = d.Limits with { MemoryBytes = b.Size(n, "memory") }),
        new("cpu", "CPU time of the whole process tree.", Shapes.Duration, static (b, d, n) => d.Limits = d.Limits with { CpuTime = b.Duration(n, "cpu") }),
        new("timeout", "Wall-clock time; a task's own timeout wins.", Shapes.Duration, static (b, d, n) => d.Limits = d.Limits with { Timeout = b.Duration(n, "timeout") }),
        new("output", "Bytes kept of the full log.", Shapes.Size, static (b, d, n) => d.Limits = d.Limits with { OutputBytes = b.Size(n, "output") }),
        new("turns", "Most calls of a model; the executor's own cap unless stated.", Shapes.Int(1, MaxTurns), static (b, d, n) => d.Limits = d.Limits with { Turns = b.Int32(n, "turns", 1, MaxTurns) }),
        new("output_tokens", "Most tokens that a model may answer in one call.", Shapes.Int(1, MaxOutputTokens), static (b, d, n) => d.Limits = d.Limits with { OutputTokens = b.Int32(n, "output_tokens", 1, MaxOutputTokens) }));

    /// <summary>Reads limits over those of the agent file, if there is one.</summary>
    public static AgentLimits Read(Binder binder, YamlNode node, AgentLimits inherited)
    {
        var draft = new LimitsDraft { Limits = inherited };
        Table.Bind(binder, node, draft);
        return draft.Limits;
    }
}

/// <summary>Limits while they are read.</summary>
internal sealed class LimitsDraft
{
    public AgentLimits Limits { get; set; } = new();
}
