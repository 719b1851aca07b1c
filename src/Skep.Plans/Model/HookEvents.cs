namespace Skep.Plans;

/// <summary>The events that hooks react to.</summary>
public static class HookEvents
{
    /// <summary>A run is about to start.</summary>
    public const string PreRun = "pre-run";

    /// <summary>A run has ended.</summary>
    public const string PostRun = "post-run";

    /// <summary>An attempt at a task is about to start.</summary>
    public const string PreTask = "pre-task";

    /// <summary>A task is being worked on; comes again and again.</summary>
    public const string DuringTask = "during-task";

    /// <summary>An attempt at a task has ended.</summary>
    public const string PostTask = "post-task";

    /// <summary>A file is about to be changed.</summary>
    public const string PreEdit = "pre-edit";

    /// <summary>A file has been changed.</summary>
    public const string PostEdit = "post-edit";

    /// <summary>A command is about to run.</summary>
    public const string PreCommand = "pre-command";

    /// <summary>A command has run.</summary>
    public const string PostCommand = "post-command";

    /// <summary>A session begins.</summary>
    public const string SessionStart = "session-start";

    /// <summary>A session is taken up again.</summary>
    public const string SessionRestore = "session-restore";

    /// <summary>A session ends.</summary>
    public const string SessionEnd = "session-end";

    /// <summary>What a session has gathered is written out.</summary>
    public const string SessionExport = "session-export";

    /// <summary>Somebody is told something.</summary>
    public const string Notify = "notify";

    /// <summary>The swarm changes how it works.</summary>
    public const string Adapt = "adapt";

    /// <summary>Work is taken back.</summary>
    public const string Rollback = "rollback";

    /// <summary>A checkpoint is taken.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        PreRun, PostRun, PreTask, DuringTask, PostTask, PreEdit, PostEdit, PreCommand, PostCommand,
        SessionStart, SessionRestore, SessionEnd, SessionExport, Notify, Adapt, Rollback, Checkpoint,
    ];

    /// <summary>Whether a hook of this event can block: what has not happened yet, and the outcome of a task.</summary>
    public static bool CanBlock(string on) => on is PreRun or PreTask or PreEdit or PreCommand or PostTask;

    /// <summary>Whether the event is about one file.</summary>
    public static bool IsEdit(string on) => on is PreEdit or PostEdit;
}
