using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a hook.</summary>
internal static class HookKeys
{
    private static readonly string[] Events = ["pre-task", "post-task", "pre-edit", "post-edit", "session-start", "session-restore", "session-end", "notify"];

    public static KeyTable<HookDraft> Table { get; } = new(
        "hook",
        "a hook",
        "A command that runs around an action.",
        new("on", "The event.", Shapes.Enum(Events), static (b, d, n) => d.On = b.OneOf(n, "on", Events), IsRequired: true),
        new("run", "What to run: a command line, or a list of arguments.", Shapes.Run, static (_, d, n) => d.Run = n, IsRequired: true),
        new("shell", "Whether 'run' is a script for /bin/sh.", Shapes.Bool, static (b, d, n) => d.Shell = b.Bool(n, "shell") ?? false));

    /// <summary>Reads the list of hooks.</summary>
    public static IReadOnlyList<HookSpec> ReadAll(Binder binder, YamlNode node)
    {
        var hooks = new List<HookSpec>();
        foreach (var item in binder.List(node, "hooks", "hooks, each with 'on' and 'run'") ?? [])
        {
            var draft = new HookDraft();
            binder.Owner = new Owner(OwnerKind.Hook, hooks.Count);
            if (!Table.Bind(binder, item, draft)) continue;
            if (binder.Command(draft.Run, draft.Shell, hasItem: false) is { } command && draft.On is { } on)
                hooks.Add(new HookSpec(on, command, item.Span));
        }

        return hooks;
    }
}

/// <summary>A hook while it is read.</summary>
internal sealed class HookDraft
{
    public string? On { get; set; }

    public YamlNode? Run { get; set; }

    public bool Shell { get; set; }
}
