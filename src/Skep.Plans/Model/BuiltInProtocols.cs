namespace Skep.Plans;

/// <summary>The protocols that every plan has without declaring them. A plan's own protocol of the same name replaces one.</summary>
public static class BuiltInProtocols
{
    /// <summary>Where the messages of <see cref="Coordination"/> go.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>
    /// What agents of one swarm owe each other: take up what the session knows and say that work begins, report progress while it
    /// goes on, then record the result, tell the coordinator and close the session. Each agent has one session per run. The hooks
    /// call this program, and none of them blocks: coordination that fails stops no work.
    /// </summary>
    public static ProtocolSpec Coordination { get; } = new()
    {
        Id = "coordination",
        PreTask =
        [
            Script(HookEvents.PreTask, """skep hooks session-restore --session-id "$SKEP_RUN_ID/$SKEP_AGENT" """),
            Command(HookEvents.PreTask, "pre-task"),
        ],
        DuringTask = [Command(HookEvents.DuringTask, "progress")],
        PostTask =
        [
            Command(HookEvents.PostTask, "post-task"),
            Script(HookEvents.PostTask, $"""skep hooks notify --recipients {Coordinator} --message "$SKEP_TASK_ID has ended" """),
            Script(HookEvents.PostTask, """skep hooks session-end --session-id "$SKEP_RUN_ID/$SKEP_AGENT" """),
        ],
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProtocolSpec> All { get; } = [Coordination];

    private static HookSpec Command(string on, string name) => new() { On = on, Run = new CommandSpec { Argv = ["skep", "hooks", name] } };

    /// <summary>Names of tasks and agents come from the environment, quoted, so that they stay one argument.</summary>
    private static HookSpec Script(string on, string script) => new() { On = on, Run = new CommandSpec { Script = script.TrimEnd() } };
}
