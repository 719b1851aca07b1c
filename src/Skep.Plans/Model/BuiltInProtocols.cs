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
            Call(HookEvents.PreTask, """session-restore --session-id "$SKEP_RUN_ID/$SKEP_AGENT" """),
            Call(HookEvents.PreTask, "pre-task"),
        ],
        DuringTask = [Call(HookEvents.DuringTask, "progress")],
        PostTask =
        [
            Call(HookEvents.PostTask, "post-task"),
            Call(HookEvents.PostTask, $"""notify --recipients {Coordinator} --message "$SKEP_TASK_ID has ended: $SKEP_HOOK_OUTCOME" """),
            Call(HookEvents.PostTask, """session-end --session-id "$SKEP_RUN_ID/$SKEP_AGENT" """),
        ],
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProtocolSpec> All { get; } = [Coordination];

    /// <summary>
    /// A call of this program, or of its thin client where there is one: that starts in a fraction of the time. Names of tasks and agents
    /// come from the environment, quoted, so that they stay one argument.
    /// </summary>
    private static HookSpec Call(string on, string command) =>
        new() { On = on, Run = new CommandSpec { Script = $"exec \"${{SKEP_CLIENT:-skep}}\" hooks {command.TrimEnd()}" } };
}
