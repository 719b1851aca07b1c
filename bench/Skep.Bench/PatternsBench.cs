using System.Diagnostics;
using Skep.Memory;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Causes;
using Skep.Memory.Patterns.Consolidating;
using Skep.Memory.Patterns.Skills;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>Episodes: what recording and asking costs beside a plain store and search, and how long it takes to compute over as many episodes as a namespace takes.</summary>
internal static class PatternsBench
{
    private const int Kept = 2_000;

    public static async Task RunAsync(Table table)
    {
        await Folder(table);
        Computed(table);
    }

    private static async Task Folder(Table table)
    {
        var project = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            await using var store = SqliteStore.OpenOwner(SkepFolder.Create(project), new StoreOptions { Modules = [MemoryStore.Module] });
            await using var memory = MemoryStore.Open(store, TimeProvider.System);
            await using var search = MemorySearch.Open(memory, Path.Combine(project, "index"), TimeProvider.System);
            var (book, spaces) = (new EpisodeBook(memory, search), PatternSpaces.Of(null));
            var plain = await Ms(Kept, i => memory.StoreAsync(new StoreRequest($"plain/{i}", new byte[300])));
            var recorded = await Ms(Kept, i => book.RecordAsync(spaces, Make(i)));
            table.Row("recording an episode, one after the other, median (baseline: a store of 300 bytes)", $"{recorded:0.00} ms", $"{plain:0.00} ms", recorded / plain, "", null);
            await search.FindAsync(new FindRequest { Text = "warm up", Prefix = "episodes/" });
            var found = await Ms(300, i => search.FindAsync(new FindRequest { Text = Make(i).Task, Prefix = "episodes/", K = 40, WithValues = true }));
            var advised = await Ms(300, i => book.AdviseAsync(spaces, new EpisodeQuery { Task = Make(i).Task }));
            table.Row($"advice among {Kept:N0} episodes, median (baseline: a plain search for 40)", $"{advised:0.00} ms", $"{found:0.00} ms", advised / found, "", null);
        }
        finally
        {
            Directory.Delete(project, recursive: true);
        }
    }

    private static void Computed(Table table)
    {
        List<Episode> kinds = [.. Enumerable.Range(0, PatternLimits.MaxEpisodes).Select(static i => Make(i) with { Id = $"e{i:00000}" })], loose = [.. kinds.Select(static e => e with { Kind = null })];
        Row("distil, with kinds", () => SkillDistiller.Distill(kinds).Count);
        Row("distil, by likeness", () => SkillDistiller.Distill(loose).Count);
        Row("causal notes", () => CausalNotes.Of(kinds).Tested);
        Row("plan a consolidation", () => Consolidator.Plan(kinds, [], new HashSet<string>(), 0).Removed.Count);
        void Row(string what, Func<int> compute)
        {
            var began = Stopwatch.GetTimestamp();
            var count = compute();
            table.Row($"{what}, {PatternLimits.MaxEpisodes:N0} episodes ({count} found)", $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s", "", null, "", null);
        }
    }

    /// <summary>Forty kinds of six words each, five actions; which actions work hangs on the kind.</summary>
    private static Episode Make(int i)
    {
        int kind = i % 40, action = i * 7 % 5;
        var success = action == kind % 5 || i % 11 == 0;
        return new Episode
        {
            Task = $"handle{kind} the {Word(kind)} {Word(kind + 17)} of customer{i % 997} in {Word(kind + 31)} number {i}", Kind = $"kind-{kind}", Actions = [$"approach {action}"], Tags = [$"size:{i % 3}"],
            Outcome = success ? EpisodeOutcome.Success : EpisodeOutcome.Failure, Reward = success ? 1 : 0, AtUnixMs = i + 1,
        };
    }

    private static string Word(int n) => new([.. "bcdfg".Select((c, i) => (char)(c + ((n >> i) % 7)))]);

    private static async Task<double> Ms<T>(int times, Func<int, Task<T>> act)
    {
        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await act(i);
            taken[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(taken);
        return taken[times / 2];
    }
}
