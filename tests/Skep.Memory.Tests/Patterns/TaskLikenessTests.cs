using Skep.Memory.Patterns;
using Xunit.Abstractions;

namespace Skep.Memory.Tests.Patterns;

/// <summary>What the threshold of similarity rests on: tasks as agents are given them, eight kinds of them, each told in five ways.</summary>
public sealed class TaskLikenessTests(ITestOutputHelper output)
{
    private static readonly string[][] Kinds =
    [
        ["Sum the amounts in the Kestrel till export of branch north, March", "Add up the Kestrel till export amounts for branch south, April", "Total of the amounts in the till export from Kestrel, branch west, May", "Kestrel till export, branch east: sum up all amounts of June", "Sum amounts of July in the Kestrel till export of the central branch"],
        ["Fix the failing unit test in the parser module", "A unit test of the parser module is failing: fix it", "Repair the failing parser unit test ParsesNestedLists", "Fix the parser: its unit test for empty input fails", "The parser module's unit tests fail after the last merge, fix them"],
        ["Upgrade the logging package to its next major version", "Move to the new major version of the logging package", "Upgrade the package for logging from version 3 to version 4", "Logging package: upgrade to the latest major version and adapt the calls", "Upgrade major version of package for structured logging"],
        ["Translate the settings page into German", "German translation of the settings page", "Translate the strings of the settings page to German", "Translate the page with the settings from English into German", "The settings page needs a German translation"],
        ["Reduce the memory that the image resizer uses", "The image resizer uses too much memory: reduce it", "Make the image resizer use less memory for large images", "Memory use of the image resizer must be reduced by half", "Reduce peak memory of resizing images in the image resizer"],
        ["Write release notes for version 2.4 from the merged changes", "Release notes for version 2.5: write them from merged changes", "Write the release notes of version 3.0, based on the changes that were merged", "From the changes merged since, write release notes for 2.6", "Write version 2.7's release notes from the list of merged changes"],
        ["Deploy the billing service to the staging cluster", "Deployment of the billing service on staging cluster two", "Deploy billing service build 418 to the staging cluster", "Roll out the billing service to staging and deploy its cron job", "Deploy the new billing service into the staging cluster tonight"],
        ["Find which query makes the orders page slow", "The orders page is slow: find the query that causes it", "Find the slow query behind the page of orders", "Which query makes the orders page so slow? Find it", "Find and explain the slowest query of the orders page"],
    ];

    [Fact]
    public void From_the_threshold_on_tasks_are_of_one_kind_and_most_of_one_kind_reach_it()
    {
        var likenesses = new TaskLikeness();
        var tasks = Kinds.SelectMany((texts, kind) => texts.Select(text => (Kind: kind, Vector: likenesses.Of(text)))).ToList();
        var pairs = tasks.SelectMany((a, i) => tasks.Skip(i + 1).Select(b => (Same: a.Kind == b.Kind, Cosine: TaskLikeness.Between(a.Vector, b.Vector)))).ToList();
        var report = string.Join('\n', Enumerable.Range(4, 15).Select(t => Line(pairs, t / 20.0)));
        output.WriteLine(report);
        var reached = pairs.Where(static p => p.Cosine >= TaskLikeness.Similar).ToList();
        Assert.True(reached.All(static p => p.Same), report);
        Assert.True(reached.Count >= 0.5 * pairs.Count(static p => p.Same), report);
    }

    [Fact]
    public void Tasks_that_differ_by_a_number_are_nearly_the_same_and_others_are_not()
    {
        var likenesses = new TaskLikeness();
        Assert.InRange(likenesses.Between("Sum the amounts in the Kestrel till export of branch north, file 17", "Sum the amounts in the Kestrel till export of branch north, file 23"), TaskLikeness.NearlySame, 1.0001);
        Assert.InRange(likenesses.Between("Sum the amounts in the Kestrel till export", "Sum the amounts in the Heron till export"), 0, TaskLikeness.NearlySame);
        Assert.Equal(0, likenesses.Between("…", "Sum the amounts"));
    }

    [Fact]
    public void Tasks_that_differ_in_the_name_that_matters_are_similar_all_the_same_which_is_what_kinds_are_for()
    {
        var likeness = new TaskLikeness().Between("Sum the amounts in the till export of Kestrel, branch north, March", "Sum the amounts in the till export of Heron, branch north, March");
        output.WriteLine($"{likeness:0.00}");
        Assert.InRange(likeness, TaskLikeness.Similar, TaskLikeness.NearlySame);
    }

    private static string Line(List<(bool Same, double Cosine)> pairs, double threshold)
    {
        var reached = pairs.Where(p => p.Cosine >= threshold).ToList();
        return $"{threshold:0.00}: {reached.Count(static p => p.Same)} of {pairs.Count(static p => p.Same)} pairs of one kind, {reached.Count(static p => !p.Same)} of {pairs.Count(static p => !p.Same)} of two";
    }
}
