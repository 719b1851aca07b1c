using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a protocol.</summary>
internal static class ProtocolKeys
{
    private static readonly Shape Hooks = new ListShape(new RefShape("protocolHook"));

    public static KeyTable<ProtocolDraft> Table { get; } = new(
        "protocol",
        "a protocol",
        "Hooks that agents include together.",
        new("pre_task", "Before a task.", Hooks, static (b, d, n) => d.Spec = d.Spec with { PreTask = HookKeys.ReadAll(b, n, "pre_task", HookEvents.PreTask) }),
        new("during_task", "While a task is worked on.", Hooks, static (b, d, n) => d.Spec = d.Spec with { DuringTask = HookKeys.ReadAll(b, n, "during_task", HookEvents.DuringTask) }),
        new("post_task", "After a task.", Hooks, static (b, d, n) => d.Spec = d.Spec with { PostTask = HookKeys.ReadAll(b, n, "post_task", HookEvents.PostTask) }));

    /// <summary>Reads the mapping of protocols.</summary>
    public static IReadOnlyList<ProtocolSpec> ReadAll(Binder binder, YamlNode node)
    {
        var protocols = new List<ProtocolSpec>();
        foreach (var (key, value) in binder.Map(node, "protocols", "{ NAME: { pre_task: [{ run: ... }] } }") ?? [])
        {
            var draft = new ProtocolDraft(new ProtocolSpec { Id = binder.Id(key, "protocols") ?? "", At = key.Span });
            Table.Bind(binder, value, draft);
            protocols.Add(draft.Spec);
        }

        return protocols;
    }
}

/// <summary>A protocol while it is read.</summary>
internal sealed class ProtocolDraft(ProtocolSpec spec)
{
    public ProtocolSpec Spec { get; set; } = spec;
}
