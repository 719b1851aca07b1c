namespace Skep.Orchestration;

/// <summary>What the hooks of one attempt came to.</summary>
/// <param name="Calls">Calls in all.</param>
/// <param name="Failures">Of these, those that did not end with 0.</param>
/// <param name="ElapsedMs">Their time together.</param>
/// <param name="Records">Events that tell of them.</param>
/// <param name="Trouble">The first that failed, in words.</param>
public sealed record HookSums(int Calls, int Failures, long ElapsedMs, int Records, string? Trouble)
{
    /// <summary>No hook has run.</summary>
    public static HookSums None { get; } = new(0, 0, 0, 0, null);

    internal HookSums Add(HookRan e) => new(
        Calls + e.Calls, Failures + (e.Failed ? e.Calls : 0), ElapsedMs + e.ElapsedMs, Records + 1, Trouble ?? (e.Failed ? HookText.Of(e) : null));
}

/// <summary>What one hook of a plan came to over a whole run.</summary>
/// <param name="On">The event.</param>
/// <param name="Command">What ran, shortened.</param>
/// <param name="Calls">Calls in all.</param>
/// <param name="Failures">Of these, those that did not end with 0.</param>
/// <param name="Blocks">Of these, those that forbade something.</param>
/// <param name="ElapsedMs">Their time together.</param>
/// <param name="Trouble">What the last one that failed said.</param>
public sealed record HookTotal(string On, string Command, int Calls, int Failures, int Blocks, long ElapsedMs, string? Trouble)
{
    internal HookTotal Add(HookRan e) => this with
    {
        Calls = Calls + e.Calls,
        Failures = Failures + (e.Failed ? e.Calls : 0),
        Blocks = Blocks + (e.Blocked ? e.Calls : 0),
        ElapsedMs = ElapsedMs + e.ElapsedMs,
        Trouble = e.Failed ? Text.Shorten(e.Text, Queen.MaxHookText) : Trouble,
    };
}

/// <summary>Hooks in words.</summary>
internal static class HookText
{
    /// <summary>What became of a hook: <c>hook pre-task `check.sh` failed with exit code 3: no disk</c>.</summary>
    public static string Of(HookRan e) =>
        $"hook {e.On} `{Text.Shorten(e.Command, 100)}` {Ending(e.ExitCode)}{(e.Text.Length > 0 ? ": " + Text.Shorten(e.Text, 200) : "")}";

    private static string Ending(int? exitCode) => exitCode switch
    {
        null => "did not end by itself",
        0 => "succeeded",
        { } code => $"failed with exit code {code}",
    };
}
