using FsCheck;
using FsCheck.Fluent;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>Random rows and filters, compared with an interpreter that looks at one row after the other.</summary>
public sealed class FilterModelTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(400).WithStartSize(1).WithEndSize(200).WithReplay(20_261, 1_977);

    private static Arbitrary<(List<FieldValues> Rows, Filter Filter)> RowsAndFilter =>
        Cases.Row.ListOf().SelectMany(rows => Cases.Filters.Select(filter => (Rows: rows, Filter: filter))).ToArbitrary();

    internal static FieldColumns Columns(IEnumerable<FieldValues> rows, FieldSchema? schema = null)
    {
        var columns = new FieldColumns(schema ?? Cases.Schema);
        foreach (var row in rows)
        {
            columns.Append(row);
        }

        return columns;
    }

    [Fact]
    public void A_filter_lets_through_what_a_look_at_each_row_would()
    {
        var matched = 0;
        Prop.ForAll(RowsAndFilter, c =>
        {
            var expected = Naive.Rows(c.Filter, [.. c.Rows]);
            var found = c.Filter.Compile(Columns(c.Rows).View);
            matched += found.Count;
            Assert.Equal(expected, found.ToArray());
            Assert.Equal(expected.Length, found.Count);
        }).Check(Runs);
        Assert.True(matched > 1000, $"{matched} rows were let through: too few to say anything.");
    }

    [Fact]
    public void The_canonical_text_is_read_as_the_same_filter()
    {
        var seen = new HashSet<string>();
        Prop.ForAll(Cases.Filters.ToArbitrary(), filter =>
        {
            var text = filter.ToString();
            seen.Add(text);
            var read = Filter.Parse(text);
            Assert.Equal(filter, read);
            Assert.Equal(filter.GetHashCode(), read.GetHashCode());
            Assert.Equal(text, read.ToString());
        }).Check(Runs);
        Assert.True(seen.Count > 100);
    }

    [Fact]
    public void An_estimate_holds_the_truth_between_its_bounds()
    {
        var runs = 0;
        Prop.ForAll(RowsAndFilter, c =>
        {
            var view = Columns(c.Rows).View;
            var (estimate, count) = (c.Filter.Estimate(view), c.Filter.Compile(view).Count);
            Assert.InRange(count, estimate.Least, estimate.Most);
            Assert.InRange(estimate.Expected, estimate.Least, estimate.Most);
            runs++;
        }).Check(Runs);
        Assert.Equal(400, runs);
    }

    [Fact]
    public void Written_and_read_columns_are_the_same_byte_for_byte()
    {
        var runs = 0;
        Prop.ForAll(Cases.Row.ListOf().ToArbitrary(), rows =>
        {
            var view = Columns(rows).View;
            var bytes = SectionTests.Bytes(view);
            var read = FieldColumns.Read(bytes).View;
            Assert.Equal(rows, Enumerable.Range(0, read.Rows).Select(read.Get));
            Assert.Equal(bytes, SectionTests.Bytes(read));
            runs++;
        }).Check(Runs);
        Assert.Equal(400, runs);
    }

    [Fact]
    public void Compaction_keeps_what_survives_and_filters_agree_on_it()
    {
        Prop.ForAll(RowsAndFilter, c =>
        {
            int[] survivors = [.. Enumerable.Range(0, c.Rows.Count).Where(r => r % 3 != 0).Reverse()];
            var kept = Columns(c.Rows).View.Keep(survivors);
            FieldValues[] expected = [.. survivors.Select(r => c.Rows[r])];
            Assert.Equal(expected, Enumerable.Range(0, kept.View.Rows).Select(kept.View.Get));
            Assert.Equal(Naive.Rows(c.Filter, expected), c.Filter.Compile(kept.View).ToArray());
            Assert.Equal(expected.Length, kept.Append(new FieldValues { ["kind"] = "more" }));
        }).Check(Runs);
    }
}
