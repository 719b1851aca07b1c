using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>One writer, several readers, no locks: each view is exactly the rows that it counts.</summary>
public sealed class ConcurrencyTests
{
    private const int Rows = 30_000;

    private static FieldValues Row(int i) => new()
    {
        ["mod"] = $"m{i % 7}",
        ["unique"] = $"u{i:d6}",
        ["n"] = i,
        ["when"] = FieldValue.Time(i),
        ["even"] = i % 2 == 0,
        ["tags"] = new[] { "all", $"t{i % 100}" },
        [i > 10_000 ? "late" : "mod"] = i > 10_000 ? i : $"m{i % 7}",
    };

    [Fact]
    public async Task Readers_beside_a_writer_see_whole_rows_and_nothing_else()
    {
        var columns = new FieldColumns(FieldSchema.Open);
        columns.Append(Row(0));
        var done = 0;
        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(r => Task.Run(() => Read(columns, () => Volatile.Read(ref done) != 0)))];
        await Task.Run(() =>
        {
            for (var i = 1; i < Rows; i++)
            {
                columns.Append(Row(i));
            }
        });
        Volatile.Write(ref done, 1);
        var views = await Task.WhenAll(readers);

        Assert.All(views, v => Assert.True(v >= 1));
        Assert.Equal(Rows, columns.View.Rows);
        Look(columns.View);
    }

    private static int Read(FieldColumns columns, Func<bool> done)
    {
        var views = 0;
        for (var last = false; !last; views++)
        {
            last = done();
            Look(columns.View);
        }

        return views;
    }

    private static void Look(FieldView view)
    {
        var n = view.Rows;
        Exact(view, "mod = \"m3\"", Every(n, 7, 3));
        Exact(view, "even", Every(n, 2, 0));
        Exact(view, "not even", n - Every(n, 2, 0));
        Exact(view, "n >= 100", Math.Max(0, n - 100));
        Exact(view, $"when < {FieldValue.Time(5000)}", Math.Min(n, 5000));
        Exact(view, "tags has \"all\"", n);
        Exact(view, "tags has \"t42\"", Every(n, 100, 42));
        Exact(view, "unique starts \"u0001\"", Math.Clamp(n - 100, 0, 100));
        Exact(view, "unique exists and mod != \"m0\"", n - Every(n, 7, 0));
        Assert.Equal(Row(n - 1), view.Get(n - 1));
        Assert.Equal(Row(n / 2), view.Get(n / 2));
    }

    private static int Every(int rows, int step, int from) => rows <= from ? 0 : ((rows - from - 1) / step) + 1;

    private static void Exact(FieldView view, string text, int expected)
    {
        var filter = Filter.Parse(text);
        Assert.Equal(expected, filter.Compile(view).Count);
        var estimate = filter.Estimate(view);
        Assert.InRange(expected, estimate.Least, estimate.Most);
    }
}
