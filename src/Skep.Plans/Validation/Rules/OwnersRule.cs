using Skep.Plans.Expressions;

namespace Skep.Plans.Validation.Rules;

/// <summary>
/// No two tasks own a common file unless one of them waits for the other. Tasks with the same glob form a group; a group (or two groups
/// whose globs overlap) is in order exactly when its tasks, sorted by level, each wait for the one before. So a chain of any length
/// costs one look per link. Globs with expressions are left to the run.
/// </summary>
internal sealed class OwnersRule : IPlanRule
{
    private const long MaxWork = 50_000_000;

    /// <summary>What putting one task in order costs, in steps of comparing globs.</summary>
    private const int SortCost = 20;

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var groups = Groups(context);
        if (groups.Count == 0 || context.Queries is not { } order) return;
        var reported = new HashSet<(int, int)>();
        long work = 0;
        foreach (var group in groups) Check(context, order, group, group, reported);
        foreach (var (a, b) in GlobIndex.Pairs([.. groups.Select(g => g.Glob)]))
        {
            work += Glob.Cost(groups[a].Glob, groups[b].Glob);
            if (work > MaxWork || order.IsExhausted || context.Bag.IsFull) break;
            if (!Glob.Intersect(groups[a].Glob, groups[b].Glob)) continue;
            work += SortCost * (groups[a].Tasks.Count + groups[b].Tasks.Count);
            Check(context, order, groups[a], groups[b], reported);
        }

        if (work > MaxWork || order.IsExhausted)
            context.Bag.Warning(DiagnosticCodes.CheckSkipped, default, "not every pair of 'owns' globs was checked for common files, because there are too many; use fewer or more specific globs");
    }

    private static List<Group> Groups(ValidationContext context)
    {
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        for (var i = 0; i < context.Tasks.Count; i++)
        {
            for (var n = 0; n < context.Tasks[i].Owns.Count; n++)
            {
                var glob = Glob.Normalise(context.Tasks[i].Owns[n]);
                if (Template.MayHoldExpressions(glob) || glob.Length > Glob.MaxLength) continue;
                CheckFanOut(context, i, n);
                if (!groups.TryGetValue(glob, out var group)) groups[glob] = group = new Group(glob, []);
                if (group.Tasks.Count == 0 || group.Tasks[^1].Task != i) group.Tasks.Add((i, n));
            }
        }

        return [.. groups.Values];
    }

    /// <summary>The items of a fan-out run side by side.</summary>
    private static void CheckFanOut(ValidationContext context, int task, int glob)
    {
        var spec = context.Tasks[task];
        if ((spec.Foreach is null && spec.ForeachItems is not { Count: > 1 }) || context.Plan.Swarm.MaxConcurrency == 1) return;
        context.Bag.Error(DiagnosticCodes.OverlappingOwners, context.TaskAt(task, "owns", glob), $"all items of the fan-out '{spec.Id}' own '{spec.Owns[glob]}' at the same time; put ${{item}} into the glob", spec.Owns[glob]);
    }

    private static void Check(ValidationContext context, OrderQueries order, Group a, Group b, HashSet<(int, int)> reported)
    {
        var levels = context.Search.Levels;
        var all = ReferenceEquals(a, b) ? a.Tasks.AsEnumerable() : a.Tasks.Concat(b.Tasks).DistinctBy(t => t.Task);
        var sorted = all.OrderBy(t => levels[t.Task]).ThenBy(t => t.Task).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            var (earlier, later) = (sorted[i - 1].Task, sorted[i].Task);
            if (order.IsAfter(later, earlier) || !reported.Add((Math.Min(earlier, later), Math.Max(earlier, later)))) continue;
            Report(context, sorted[i - 1], sorted[i]);
        }
    }

    private static void Report(ValidationContext context, (int Task, int Glob) a, (int Task, int Glob) b)
    {
        var (first, second) = a.Task < b.Task ? (a, b) : (b, a);
        var (x, y) = (context.Tasks[first.Task], context.Tasks[second.Task]);
        var (ownX, ownY) = (x.Owns[first.Glob], y.Owns[second.Glob]);
        var what = ownX == ownY ? $"both own '{ownX}'" : $"own '{ownX}' and '{ownY}', which can be the same file,";
        context.Bag.Error(DiagnosticCodes.OverlappingOwners, context.TaskAt(second.Task, "owns", second.Glob), $"tasks '{x.Id}' and '{y.Id}' {what} and neither waits for the other; add a need, or narrow one of the globs", ownY);
    }

    /// <summary>The tasks that own the same glob, with the glob's place in their lists.</summary>
    private sealed record Group(string Glob, List<(int Task, int Glob)> Tasks);
}
