namespace Skep.Client.Commands;

/// <summary>Who calls: by flags, else by what a run tells its tasks.</summary>
internal static class Identity
{
    /// <summary>Set for commands of a plan's hooks, so that they do not call the plan's hooks again.</summary>
    public const string InHookVariable = "SKEP_HOOK";

    public static string? Run(CliContext cli) => Filled(cli, "SKEP_RUN_ID");

    public static string? Task(CliContext cli) => Filled(cli, "SKEP_TASK_ID");

    public static string? Agent(CliContext cli) => Filled(cli, "SKEP_AGENT");

    public static bool IsInHook(CliContext cli) => Filled(cli, InHookVariable) is not null;

    /// <summary>The agent, else the person at the terminal.</summary>
    public static string AgentOrPerson(CliContext cli, string? given) => given ?? Agent(cli) ?? cli.Who;

    private static string? Filled(CliContext cli, string name) => cli.Variable(name) is { Length: > 0 } value ? value : null;
}
