using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that runs a command; exit code 0 passes.</summary>
internal sealed class CommandGate : GateKind
{
    /// <inheritdoc />
    public override string Mark => "run";

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table(
        "commandGate",
        "a command gate",
        "A check by a command; exit code 0 passes.",
        new("run", "What to run: a command line, or a list of arguments.", Shapes.Run, static (_, d, n) => d.Run = n, IsRequired: true),
        new("shell", "Whether 'run' is a script for /bin/sh.", Shapes.Bool, static (b, d, n) => d.Shell = b.Bool(n, "shell") ?? false),
        Cwd,
        new("env", "Environment; values may hold expressions.", Shapes.TextMap, static (b, d, n) => d.Env = b.Environment(n, "env")),
        Timeout);

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate) =>
        binder.Command(draft.Run, draft.Shell, hasItem: false) is { } command
            ? gate with { Kind = GateKinds.Command, Run = command, Cwd = draft.Cwd, Env = draft.Env, Timeout = draft.Timeout }
            : null;
}
