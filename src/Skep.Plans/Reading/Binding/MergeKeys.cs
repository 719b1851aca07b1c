using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>merge</c>.</summary>
internal static class MergeKeys
{
    private static readonly Dictionary<string, MergeKind> Methods = new(StringComparer.Ordinal)
    {
        ["rebase"] = MergeKind.Rebase,
        ["merge"] = MergeKind.Merge,
    };

    public static KeyTable<MergeDraft> Table { get; } = new(
        "merge",
        "'merge'",
        "How the finished work of coding agents comes together: one branch at a time, checked before it lands.",
        new("into", "The branch to land on; it must exist.", Shapes.Text, static (b, d, n) => d.Into = b.LiteralText(n, "into"), IsRequired: true),
        new("method", "How branches come into it; 'rebase' unless stated.", Shapes.Enum(Methods.Keys), static (b, d, n) => d.Method = b.OneOf(n, "method", Methods) ?? default),
        new("check", "What must succeed on the result before it lands: a command line, or a list of arguments.", Shapes.Run, static (_, d, n) => d.Check = n),
        new("shell", "Whether 'check' is a script for /bin/sh.", Shapes.Bool, static (b, d, n) => d.Shell = b.Bool(n, "shell") ?? false),
        new("timeout", "Longest time of a check; 30m unless stated.", Shapes.Duration, static (b, d, n) => d.Timeout = b.Duration(n, "timeout") ?? MergeSpec.DefaultTimeout));

    public static MergeSpec? Read(Binder binder, YamlNode node)
    {
        var draft = new MergeDraft();
        if (!Table.Bind(binder, node, draft)) return null;
        var check = binder.Command(draft.Check, draft.Shell, hasItem: false);
        return draft.Into is { } into ? new MergeSpec(into) { Method = draft.Method, Check = check, Timeout = draft.Timeout } : null;
    }
}

/// <summary>The settings while they are read.</summary>
internal sealed class MergeDraft
{
    public string? Into { get; set; }

    public MergeKind Method { get; set; }

    public YamlNode? Check { get; set; }

    public bool Shell { get; set; }

    public TimeSpan Timeout { get; set; } = MergeSpec.DefaultTimeout;
}
