using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Patterns;

namespace Skep.Memory.Tests.Patterns;

/// <summary>Episodes for tests.</summary>
internal static class Episodes
{
    /// <summary>Many at once, ids in the order in which they were drawn, some alike and some not.</summary>
    public static Arbitrary<List<Episode>> Many { get; } = Lists(["parse", "build", null]);

    /// <summary>The same, all with a kind.</summary>
    public static Arbitrary<List<Episode>> ManyOfAKind { get; } = Lists(["parse", "build"]);

    public static Config Quick { get; } = Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(100).WithReplay(20_261, 1_977);

    public static Episode One(string id, bool success, string task = "sum the amounts of the till export", string? kind = "parse", string action = "split by comma", double? reward = null, long at = 86_400_000, bool random = false) => new()
    {
        Id = id, Task = task, Kind = kind, Actions = [action], Outcome = success ? EpisodeOutcome.Success : EpisodeOutcome.Failure, Reward = reward ?? (success ? 1 : 0), AtUnixMs = at,
        Assigned = random ? EpisodeAssignment.Random : EpisodeAssignment.Chosen,
    };

    public static IEnumerable<Episode> Some(string prefix, int successes, int failures, string? kind = "parse", string action = "split by comma", bool random = false) =>
        Enumerable.Range(0, successes + failures).Select(i => One($"{prefix}-{i:000}", i < successes, kind: kind, action: action, random: random));

    private static Arbitrary<List<Episode>> Lists(string?[] kinds)
    {
        var one =
            from kind in Gen.Elements(kinds)
            from task in Gen.Elements("sum the amounts of the till export", "sum the amounts of the till exports", "build the website", "repair the parser of dates")
            from action in Gen.Elements("split by comma", "Split  by COMMA.", "split by tab", "read as json")
            from second in Gen.Elements("", "", "check the total")
            from tag in Gen.Elements("", "large", "small")
            from success in Gen.Elements(true, true, false)
            from random in Gen.Elements(false, false, true)
            from reward in Gen.Choose(0, 10)
            from day in Gen.Choose(1, 400)
            select One("", success, task, kind, action, reward / 10.0, day * 86_400_000L, random) with { Actions = second.Length > 0 ? [action, second] : [action], Tags = tag.Length > 0 ? [tag] : [] };
        return one.ListOf().Select(static all => all.Select(static (e, i) => e with { Id = $"e-{i:0000}" }).ToList()).ToArbitrary();
    }
}
