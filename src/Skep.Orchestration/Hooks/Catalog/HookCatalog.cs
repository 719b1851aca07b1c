using Skep.Plans;
using static Skep.Orchestration.Hooks.HookFlagKind;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// Every hook and every flag, in one place: parsers, help and lists are made from it. A flag either does what it says or is marked as
/// recorded only, with the reason; a hook that would need what is not there is refused, with the reason.
/// </summary>
public static class HookCatalog
{
    private const string NoNeural = "nothing is trained: there are no models of edits or tasks";
    private const string NoMonitor = "memory of processes is bounded by the plan's limits, not by hooks";
    private const string NoSpawn = "agents are started by the plan";
    private const string NoBaseline = "baselines are compared by the benchmark gate of a plan";
    private const string NoStrategy = "the plan decides how work is spread";

    /// <summary>Flags that every hook has: who calls, and for which work.</summary>
    public static IReadOnlyList<HookFlag> Common { get; } =
    [
        new("session-id", AnyText, "The session; in a run SKEP_RUN_ID/SKEP_AGENT unless given."),
        new("agent", AnyText, "Who calls; SKEP_AGENT unless given."),
        new("agent-id", AnyText, "The same as --agent."),
        new("task-id", AnyText, "The task; SKEP_TASK_ID unless given."),
        new("run-id", AnyText, "The run; SKEP_RUN_ID unless given."),
    ];

    /// <summary>All hooks.</summary>
    public static IReadOnlyList<HookDefinition> All { get; } = [.. Sessions(), .. Tasks(), .. Edits(), .. Commands(), .. Swarm(), .. Views(), .. CodingCli(), .. Later()];

    private static readonly Dictionary<string, HookDefinition> ByName = All.ToDictionary(h => h.Name, StringComparer.Ordinal);

    /// <summary>A hook by name; null when there is none.</summary>
    public static HookDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<HookDefinition> Sessions() =>
    [
        new("session-start", "session-start", "session", "Says that a session begins.", "--session-id review-7 --agent ann")
        {
            PlanEvent = HookEvents.SessionStart,
            Flags =
            [
                On("restore-context", "Answers with what session-restore tells."), On("restore-agents", "Answers with the agents that are known."),
                On("restore-tasks", "Answers with the tasks that are not finished."), Off("auto-configure", Switch, "there is nothing to configure: the plan holds the settings"),
            ],
        },
        new("session-restore", "session-restore", "session", "Tells a resuming agent what it needs: its session, unfinished tasks, last edits and whether the files have changed since, messages, memory, claims. A session that is not known begins.", "--session-id review-7")
        {
            PlanEvent = HookEvents.SessionRestore,
            Flags = [On("restore-agents", "Tells the agents that are known, too."), On("restore-tasks", "Tells the unfinished tasks of all agents, not only one's own.")],
        },
        new("session-end", "session-end", "session", "Says that a session ends.", "--session-id review-7 --export-metrics true --output metrics.json")
        {
            PlanEvent = HookEvents.SessionEnd,
            Flags =
            [
                On("export-metrics", "Writes the session's numbers as JSON: into --output, else into the .skep folder."), new("output", AnyText, "Where to."),
                On("generate-summary", "Answers with a summary in words."), On("persist-state", "Everything is durable already: nothing more is to be done."), On("save-state", "The same as --persist-state."),
            ],
        },
        new("session-export", "session-export", "session", "Writes out what a session has gathered, as JSON.", "--session-id review-7 --output session.json")
        {
            PlanEvent = HookEvents.SessionExport,
            Flags =
            [
                new("output", AnyText, "The file; standard output unless given."), On("performance-metrics", "The numbers; they are always part of it."),
                Off("pattern-learning", Switch, NoNeural), Off("neural-training", Switch, NoNeural), Off("optimization-recommendations", Switch, NoNeural),
            ],
        },
    ];

    private static IEnumerable<HookDefinition> Tasks() =>
    [
        new("pre-task", "pre-task", "task", "Says that work on a task begins. Answers with what the agent needs: messages that wait, memory, claims of others.", "--task-id login --description \"Add the login form\"")
        {
            Flags =
            [
                new("description", AnyText, "What is to be done."), new("team", AnyText, "The team that it belongs to."),
                On("validate-memory", "Checks that the memory can be read and is not nearly full."), On("agent-health-check", "Tells when each agent was last heard of."),
                new("required-agents", Whole, "Reports it when fewer agents were heard of lately."),
                Off("threshold", Number, NoMonitor), Off("benchmark-baseline", Switch, NoBaseline), Off("metric", AnyText, NoBaseline),
                Off("resource-allocation", Switch, NoStrategy), Off("strategy", AnyText, NoStrategy), Off("auto-spawn", Switch, NoSpawn), Off("auto-spawn-agents", Switch, NoSpawn),
            ],
        },
        new("post-task", "post-task", "task", "Says that work on a task has ended. Gives its claims back.", "--task-id login --success true --quality 0.9")
        {
            Flags =
            [
                On("success", "Whether it succeeded; true unless given."), new("quality", Number, "How good, 0 to 1."), new("duration", Number, "How long, in milliseconds."),
                new("latency-budget-ms", Number, "Reports it when --duration is more than this."), new("agent-role", AnyText, "The agent's role."), new("task", AnyText, "What was done."),
                On("store-results", "Stores the outcome in memory, as tasks/TASK/result."), On("memory-cleanup", "Deletes the task's temporary memory, temp/TASK."),
                On("analyze-performance", "Answers with the time since pre-task, and the edits and commands of the task."),
                new("parent-agent-id", AnyText, "Who gave the task."), new("depth", Whole, "How many agents stand above."),
                Off("consensus-alignment", Number, "votes are counted by consensus gates"), Off("validate-embeddings", Switch, "there are no embeddings yet"), Off("accuracy-threshold", Number, "accuracy is checked by a metric gate"),
                Off("performance-benchmark", Switch, NoBaseline), Off("regression-detection", Switch, NoBaseline), Off("cache-optimization", Switch, "there is no cache to optimise"),
                Off("neural-pattern-export", Switch, NoNeural), Off("training-data-collection", Switch, NoNeural),
            ],
        },
        new("task-completed", "task-completed", "task", "Says that a teammate has finished a task. Gives its claims back.", "--task-id login --teammate-id ann --notify-lead")
        {
            Flags =
            [
                On("success", "Whether it succeeded; true unless given."), new("quality", Number, "How good, 0 to 1."), new("teammate-id", AnyText, "Who; the same as --agent."),
                On("notify-lead", "Sends a message to the coordinator."), Off("train-patterns", Switch, NoNeural),
            ],
        },
        new("teammate-idle", "teammate-idle", "task", "Says that a teammate has nothing to do.", "--teammate-id ann --check-task-list")
        {
            Flags =
            [
                new("teammate-id", AnyText, "Who; the same as --agent."), new("team-name", AnyText, "The team."), On("check-task-list", "Answers with the teammate's unfinished tasks."),
                Off("auto-assign", Switch, "tasks are given out by the queen"),
            ],
        },
        new("task-orchestrated", "task-orchestrated", "task", "Records that a task was given out by another orchestrator.", "--task-id login --strategy parallel --priority high")
        {
            Flags = [new("strategy", AnyText, "How it was spread."), new("priority", AnyText, "How urgent it is.")],
        },
    ];

    private static IEnumerable<HookDefinition> Edits() =>
    [
        new("pre-edit", "pre-edit", "edit", "Asks whether a file may be changed. What another live task owns, or somebody has claimed, is reported, or blocked (exit code 2).", "--file src/login.cs")
        {
            PlanEvent = HookEvents.PreEdit,
            Flags =
            [
                new("file", AnyText, "The file.") { Required = true }, new("operation", AnyText, "What is to be done, such as edit or write."), new("context", AnyText, "Why."),
                On("load-context", "Answers with the last edits of the file and who made them."), Off("auto-assign-agents", Switch, NoSpawn),
            ],
        },
        new("post-edit", "post-edit", "edit", "Records that a file was changed: by whom, and its hash.", "--file src/login.cs --memory-key swarm/backend/login")
        {
            PlanEvent = HookEvents.PostEdit,
            Flags =
            [
                new("file", AnyText, "The file.") { Required = true }, new("memory-key", AnyText, "Stores the fact in memory under this path, too."),
                On("update-memory", "Stores the fact in memory under edits/FILE where no --memory-key is given."), On("success", "Whether the edit succeeded; true unless given."),
                new("operation", AnyText, "What was done."), new("outcome", AnyText, "What came of it."), new("metrics", AnyText, "Numbers to record with it."),
                Off("memory-monitor", Switch, NoMonitor), Off("v8-heap-limit", Number, NoMonitor), Off("performance-track", Switch, NoBaseline), Off("baseline-comparison", Switch, NoBaseline),
                Off("neural-adapt", Switch, NoNeural), Off("pattern-learning", Switch, NoNeural), Off("train-neural", Switch, NoNeural), Off("auto-optimize", Switch, NoNeural), Off("strategy", AnyText, NoStrategy),
                Off("format", Switch, "declare a post-edit hook in the plan that runs your formatter"),
            ],
        },
    ];

    private static IEnumerable<HookDefinition> Commands()
    {
        HookFlag[] before =
        [
            new("command", AnyText, "The command.") { Required = true }, On("dry-run", "Answers without recording anything."), new("cwd", AnyText, "Where it is to run."),
            On("validate-safety", "Blocks (exit code 2) what destroys a system or a disk, as far as it is known."), On("validate", "The same as --validate-safety."),
            Off("prepare-resources", Switch, "resources are given out by the plan"),
        ];
        HookFlag[] after =
        [
            new("command", AnyText, "The command.") { Required = true }, On("success", "Whether it succeeded; by --exit-code unless given."), new("exit-code", Whole, "Its exit code."),
            new("duration", Number, "How long it took, in milliseconds."), new("output", AnyText, "Its output, shortened and without secrets."),
            On("track-metrics", "Counted in the session's numbers; that is always done."), On("store-results", "Stores the outcome in memory, as hooks/commands/NUMBER."),
        ];
        return
        [
            new("pre-command", "pre-command", "command", "Asks whether a command may run.", "--command \"npm test\"") { PlanEvent = HookEvents.PreCommand, Flags = before },
            new("post-command", "post-command", "command", "Records that a command has run.", "--command \"npm test\" --exit-code 0") { PlanEvent = HookEvents.PostCommand, Flags = after },
            new("pre-bash", "pre-command", "command", "The same as pre-command.", "--command \"npm test\"") { PlanEvent = HookEvents.PreCommand, Flags = before },
            new("post-bash", "post-command", "command", "The same as post-command.", "--command \"npm test\" --exit-code 0") { PlanEvent = HookEvents.PostCommand, Flags = after },
        ];
    }

    private static IEnumerable<HookDefinition> Swarm() =>
    [
        new("notify", "notify", "message", "Sends a message to agents; 'skep inbox' shows it to them.", "--message \"API is ready\" --recipients frontend,docs")
        {
            PlanEvent = HookEvents.Notify,
            Flags =
            [
                new("message", AnyText, "The message.") { Required = true }, new("recipients", AnyText, "Names, separated by commas; all known agents unless given."),
                new("level", AnyText, "How urgent: info unless given."), new("channel", AnyText, "What it is about."), Off("swarm-status", Switch, "'skep board' shows the state of the swarm"),
            ],
        },
        new("agent-spawned", "agent-spawned", "swarm", "Records that an agent was started: from then on it gets what is sent to all.", "--name reviewer --type reviewer")
        {
            Flags = [new("name", AnyText, "Its name.") { Required = true }, new("type", AnyText, "Its kind."), new("swarm-id", AnyText, "The swarm that it belongs to.")],
        },
        new("mcp-initialized", "mcp-initialized", "swarm", "Records that a tool server is ready.", "--server skep --session-id review-7") { Flags = [new("server", AnyText, "Its name.")] },
        new("post-search", "post-search", "swarm", "Records a search.", "--query \"login form\" --result-count 4 --type code")
        {
            Flags = [new("query", AnyText, "What was searched."), new("result-count", Whole, "How much was found."), new("type", AnyText, "What was searched in.")],
        },
    ];

    private static IEnumerable<HookDefinition> Views() =>
    [
        new("progress", "progress", "view", "Shows how far the work is. Called within a task it also says that the task is being worked on.", "--detailed")
        {
            Flags = [On("detailed", "With who works on what, gates, messages and claims."), On("summary", "One line in all."), Off("sync", Switch, "what is shown is read at this moment: there is nothing to synchronise")],
        },
        new("metrics", "metrics", "view", "Shows the numbers of all sessions.", "--period 24h")
        {
            OnlyLooks = true,
            Flags = [new("period", AnyText, "How far back, such as 30m, 24h or 7d; everything unless given."), new("category", AnyText, "Only edits, commands, tasks, messages or sessions."), Off("v3-dashboard", Switch, "'skep board' is the dashboard")],
        },
        new("list", "list", "view", "Lists the hooks.", "--enabled") { OnlyLooks = true, Flags = [On("enabled", "Only those that do their work."), new("type", AnyText, "Only of this group: session, task, edit, command, message, swarm, view, later.")] },
        new("statusline", "statusline", "view", "Shows the state of the folder on one line, for a prompt.", "--compact")
        {
            OnlyLooks = true,
            Flags = [On("compact", "Numbers only."), On("full", "More of them."), On("no-color", "It never has colours.")],
        },
    ];

    /// <summary>What only coding CLIs report; see <see cref="CodingCliHooks"/>.</summary>
    private static IEnumerable<HookDefinition> CodingCli() =>
        new[] { CodingCliHooks.Prompt, CodingCliHooks.Stop, CodingCliHooks.SubagentStart, CodingCliHooks.SubagentStop, CodingCliHooks.TaskLaunched, CodingCliHooks.Compact, CodingCliHooks.Event }
            .Select(name => new HookDefinition(name, name, "session", "Records what a coding CLI reports.", "") { Internal = true });

    private static IEnumerable<HookDefinition> Later() =>
    [
        Missing("adapt", "changing how a running swarm works needs the adaptive part of the queen", "trigger", "strategy", "neural-optimize", "consensus-required"),
        Missing("rollback", "taking work back needs checkpoints of the workspace; 'skep retry RUN' runs again what failed", "trigger-conditions", "automatic", "preserve-data", "rollback-strategy"),
        Missing("checkpoint", "checkpoints of the workspace are not made yet", "label"),
        Missing("route", "choosing an agent for a task by experience needs a record of outcomes that is learned from", "task", "context", "top-k", "mode", "parallel", "moa-parallel", "consensus"),
        Missing("route-task", "choosing an agent for a task by experience needs a record of outcomes that is learned from", "task", "context", "top-k", "mode", "parallel", "moa-parallel", "consensus"),
        Missing("explain", "there are no routing decisions to explain", "task", "verbose"),
        Missing("pretrain", "there is no model that could be trained", "path", "depth", "skip-cache", "with-embeddings", "embedding-model", "file-types"),
        Missing("build-agents", "agents are written in the plan; none are generated", "output", "focus", "config-format"),
        Missing("transfer", "there are no learned patterns to transfer; 'skep memory export' and 'restore' carry memory over"),
        Missing("intelligence", "there is no learning system to switch on", "mode", "enable-sona", "enable-moe", "enable-hnsw", "status", "train", "reset", "embedding-provider"),
        Missing("worker", "there are no background workers beside the tasks of a plan"),
        Missing("coverage-route", "files are not assigned by coverage; the coverage gate checks it", "task", "threshold", "no-ruvector"),
        Missing("coverage-suggest", "tests are not suggested; the coverage gate names the paths that fall short", "path", "threshold", "limit"),
        Missing("coverage-gaps", "hooks have no coverage report to look at; the coverage gate of a plan names the paths that fall short", "threshold", "group-by-agent", "critical-only"),
        Missing("token-optimize", "tokens of agents are not counted by hooks", "query", "agents", "report", "stats"),
        Missing("model-route", "there are no model providers to choose from yet", "task", "context", "prefer-cost", "prefer-quality"),
        Missing("model-outcome", "there are no model providers whose outcomes could be used yet", "task", "model", "outcome", "quality"),
        Missing("model-stats", "there are no model providers to have numbers of yet", "detailed"),
        Missing("neural-trained", "nothing here is trained, and nothing would use it", "model", "accuracy", "patterns"),
        Missing("refresh-funnel", "there is no funnel of events to refresh", "quiet"),
        Missing("refresh-advisor", "there is no advisor to refresh", "quiet"),
    ];

    private static HookDefinition Missing(string name, string missing, params string[] flags) =>
        new(name, name, "later", "Refused: it is not there yet. " + missing + ".", "") { Missing = missing, Flags = [.. flags.Select(f => new HookFlag(f, AnyText, "Not used: the hook is refused."))] };

    private static HookFlag On(string name, string description) => new(name, Switch, description);

    private static HookFlag Off(string name, HookFlagKind kind, string why) => new(name, kind, $"Recorded only: {why}.") { NotActedOn = why };
}
