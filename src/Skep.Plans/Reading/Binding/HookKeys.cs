using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a hook. In a protocol the event follows from the list that the hook stands in, so there it has no <c>on</c>.</summary>
internal static class HookKeys
{
    private static readonly Key<HookDraft>[] Common =
    [
        new("run", "What to run: a command line, or a list of arguments.", Shapes.Run, static (_, d, n) => d.Run = n),
        new("shell", "Whether 'run' is a script for /bin/sh.", Shapes.Bool, static (b, d, n) => d.Shell = b.Bool(n, "shell") ?? false),
        new("block", "Whether an exit code other than 0 blocks what was about to happen; after a task it fails the attempt.", Shapes.Bool, static (b, d, n) => d.Hook = d.Hook with { Block = b.Bool(n, "block") ?? false }),
        new("timeout", "Wall-clock limit of the command; 30s unless stated.", Shapes.Duration, static (b, d, n) => d.Hook = d.Hook with { Timeout = b.Duration(n, "timeout", TimeSpan.FromMilliseconds(1), HookSpec.MaxTimeout) ?? HookSpec.DefaultTimeout }),
        new("every", "During a task: time from one call to the next; 30s unless stated.", Shapes.Duration, static (b, d, n) => d.Hook = d.Hook with { Every = b.Duration(n, "every", HookSpec.MinEvery, HookSpec.MaxEvery) ?? HookSpec.DefaultEvery }),
        new("files", "For edits: globs of the files that matter; all unless stated.", Shapes.TextList, static (b, d, n) => d.Hook = d.Hook with { Files = b.LiteralList(n, "files") }),
        new("planned", "Whether the command does not exist yet; a run does not start it and says so.", Shapes.Bool, static (b, d, n) => d.Hook = d.Hook with { Planned = b.Bool(n, "planned") ?? false }),
    ];

    public static KeyTable<HookDraft> Table { get; } = new(
        "hook",
        "a hook",
        "A command that runs around an action.",
        [new("on", "The event.", Shapes.Enum(HookEvents.All), static (b, d, n) => d.On = b.OneOf(n, "on", HookEvents.All), IsRequired: true), .. Common]);

    /// <summary>The keys of a hook whose event is known from its place.</summary>
    public static KeyTable<HookDraft> ProtocolTable { get; } = new("protocolHook", "a hook of a protocol", "A command that runs around a task.", Common);

    /// <summary>A list of hooks, for the schema.</summary>
    public static Shape Shape { get; } = new ListShape(new RefShape("hook"));

    /// <summary>Reads a list of hooks.</summary>
    public static IReadOnlyList<HookSpec> ReadAll(Binder binder, YamlNode node) => ReadAll(binder, node, "hooks", "hooks, each with 'on' and 'run'", Table, null);

    /// <summary>Reads the hooks of a protocol for one event.</summary>
    public static IReadOnlyList<HookSpec> ReadAll(Binder binder, YamlNode node, string key, string on) =>
        ReadAll(binder, node, key, "hooks, each with 'run'", ProtocolTable, on);

    private static List<HookSpec> ReadAll(Binder binder, YamlNode node, string key, string of, KeyTable<HookDraft> table, string? on)
    {
        var outer = binder.Owner;
        var hooks = new List<HookSpec>();
        foreach (var item in binder.List(node, key, of) ?? [])
        {
            binder.Owner = new Owner(OwnerKind.Hook, binder.Sources.Hooks.Count);
            if (Read(binder, item, table, on) is { } hook) hooks.Add(hook);
        }

        // The hooks may hang at a task whose own keys are not read to the end.
        binder.Owner = outer;
        return hooks;
    }

    private static HookSpec? Read(Binder binder, YamlNode node, KeyTable<HookDraft> table, string? on)
    {
        var draft = new HookDraft { On = on };
        if (!table.Bind(binder, node, draft)) return null;
        var run = binder.Command(draft.Run, draft.Shell, hasItem: false);
        if (draft.On is null) return null;
        var hook = draft.Hook with { On = draft.On, Run = run, At = node.Span };
        binder.Sources.Hooks.Add(new HookSource(hook, (YamlMapping)node));
        return hook;
    }
}

/// <summary>A hook while it is read.</summary>
internal sealed class HookDraft
{
    public string? On { get; set; }

    public YamlNode? Run { get; set; }

    public bool Shell { get; set; }

    public HookSpec Hook { get; set; } = new() { On = "" };
}
