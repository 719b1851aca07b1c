using System.Text;

namespace Skep.Cli.Agents;

/// <summary>The agents of a run for people.</summary>
internal static class RunAgentsText
{
    /// <summary>Most tasks that are named when they wait for an agent.</summary>
    public const int MaxTasks = 5;

    private const string Moment = "yyyy-MM-dd HH:mm:ss";

    /// <summary>One line an agent, and what waits for some.</summary>
    public static string Of(RunState state, bool isLive, TimeZoneInfo zone)
    {
        var text = new StringBuilder($"run {state.Info!.Run}  {state.Status.Name()}, up to {state.MaxConcurrency} at once{(isLive || state.Status.IsEnded() ? "" : $"; nobody works on it: skep resume {state.Info.Run}")}\n");
        var agents = AgentOverview.Of(state);
        if (agents.Count > 0) Table(text, agents, zone);
        else text.Append("no agent has begun anything\n");
        foreach (var waits in StrandedTasks.Of(state)) text.Append(Waiting(state, waits)).Append('\n');
        return text.ToString();
    }

    /// <summary>What becomes of a drained agent.</summary>
    public static string Words(AgentOverview agent) =>
        agent.Life == AgentLife.Retired ? "retired"
        : agent.Task is { } task ? $"draining: it ends {PlainLine.Clean(task)} first"
        : "draining: it ends what it may have been given first";

    /// <summary>That tasks wait, and what helps.</summary>
    public static string Waiting(RunState state, StrandedTasks waits)
    {
        var named = string.Join(", ", waits.Tasks.Take(MaxTasks)) + (waits.Tasks.Count > MaxTasks ? ", …" : "");
        var spec = state.Plan.Teams.FirstOrDefault(t => t.Id == waits.Agent)?.Members[0] ?? waits.Agent;
        return PlainLine.Clean($"{waits.Tasks.Count} {(waits.Tasks.Count == 1 ? "task waits" : "tasks wait")} for an agent of '{waits.Agent}', all of which were drained ({named}): skep agents spawn {state.Info!.Run} {spec}");
    }

    private static void Table(StringBuilder text, IReadOnlyList<AgentOverview> agents, TimeZoneInfo zone)
    {
        int Wide(string title, Func<AgentOverview, string> of) => Math.Max(title.Length, agents.Max(a => of(a).Length));
        string Task(AgentOverview a) => PlainLine.Clean(a.Task);
        int names = Wide("AGENT", a => a.Name), specs = Wide("SPEC", a => a.Spec), tasks = Wide("TASK", Task);
        text.Append($"{"AGENT".PadRight(names)}  {"SPEC".PadRight(specs)}  STATE     {"TASK".PadRight(tasks)}  {"SINCE".PadRight(Moment.Length)}  ENDED  FAILED     TOKENS\n");
        foreach (var a in agents)
        {
            var since = a.Since is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString(Moment) : "";
            text.Append(FormattableString.Invariant($"{a.Name.PadRight(names)}  {a.Spec.PadRight(specs)}  {AgentOverview.Word(a.Life),-8}  {Task(a).PadRight(tasks)}  {since.PadRight(Moment.Length)}  {a.Ended,5}  {a.Failed,6}  {a.Tokens,9}\n"));
        }
    }
}
