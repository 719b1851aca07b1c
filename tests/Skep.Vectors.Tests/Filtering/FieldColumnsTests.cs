using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>What columns take, refuse and show.</summary>
public sealed class FieldColumnsTests
{
    private static VectorException Refused(FieldColumns columns, FieldValues row)
    {
        var before = SectionTests.Bytes(columns.View);
        var checkedFirst = Assert.Throws<VectorException>(() => columns.Check(row));
        var e = Assert.Throws<VectorException>(() => columns.Append(row));
        Assert.Equal(checkedFirst.Message, e.Message);
        Assert.Equal(VectorFault.BadArgument, e.Fault);
        Assert.Equal(before, SectionTests.Bytes(columns.View));
        return e;
    }

    [Fact]
    public void A_field_keeps_the_type_it_was_first_seen_with_and_a_refused_row_leaves_nothing_behind()
    {
        var columns = new FieldColumns(FieldSchema.Open);
        Assert.Equal(0, columns.Append(new FieldValues { ["score"] = 1 }));

        var e = Refused(columns, new FieldValues { ["a new one"] = true, ["score"] = "high" });

        Assert.Equal("The field 'score' holds values of type number, and this row brings one of type string: \"high\". Convert the value, or use another field name.", e.Message);
        Assert.Equal([new Field("score", FieldType.Number)], columns.View.Schema.Fields);
        Assert.Equal(1, columns.Append(new FieldValues()));
        Assert.Equal(2, columns.View.Rows);
    }

    [Fact]
    public void A_closed_schema_takes_no_other_fields()
    {
        var columns = new FieldColumns(new FieldSchema([new("score", FieldType.Number)], open: false));

        Assert.Equal("The field 'scores' is not declared, and the schema is closed. Did you mean 'score'? Fields: score (number).", Refused(columns, new FieldValues { ["scores"] = 1 }).Message);
        Assert.False(FieldColumns.Read(SectionTests.Bytes(columns.View)).View.Schema.IsOpen);
    }

    [Fact]
    public void Values_beyond_their_bounds_are_refused()
    {
        var columns = new FieldColumns(FieldSchema.Open);

        Assert.Contains("finite", Refused(columns, new FieldValues { ["a"] = double.PositiveInfinity }).Message, StringComparison.Ordinal);
        Assert.Contains("4097 characters", Refused(columns, new FieldValues { ["a"] = new string('x', 4097) }).Message, StringComparison.Ordinal);
        Assert.Contains("surrogate", Refused(columns, new FieldValues { ["a"] = "\ud800x" }).Message, StringComparison.Ordinal);
        Assert.Contains("years 1 to 9999", Refused(columns, new FieldValues { ["a"] = FieldValue.Time(-1) }).Message, StringComparison.Ordinal);
        Assert.Contains("256 tags", Refused(columns, new FieldValues { ["a"] = Enumerable.Range(0, 256).Select(i => $"{i}").ToArray() }).Message, StringComparison.Ordinal);
        Assert.Contains("control character", Refused(columns, new FieldValues { ["a\nb"] = 1 }).Message, StringComparison.Ordinal);
        Assert.Contains("65 characters", Refused(columns, new FieldValues { [new string('n', 65)] = 1 }).Message, StringComparison.Ordinal);
        Assert.Contains("at least one character", Refused(columns, new FieldValues { [""] = 1 }).Message, StringComparison.Ordinal);
        var large = new FieldValues { ["a"] = Enumerable.Range(0, 255).Select(i => i + new string('é', 4000)).ToArray() };
        Assert.Contains("1048576 are allowed", Refused(columns, large).Message, StringComparison.Ordinal);

        var wide = new FieldValues();
        for (var i = 0; i < 65; i++)
        {
            wide[$"f{i}"] = 1;
        }

        Assert.Contains("65 fields are too many: 64 are allowed", Refused(columns, wide).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schemas_that_cannot_be_are_refused()
    {
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => new FieldSchema([new("a", FieldType.Flag), new("a", FieldType.Flag)])).Fault);
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => new FieldSchema([new("a", FieldType.None)])).Fault);
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => new FieldSchema([new("", FieldType.Flag)])).Fault);
    }

    [Fact]
    public void Null_and_empty_tags_are_missing_values()
    {
        var row = new FieldValues { ["a"] = (string?)null, ["b"] = Array.Empty<string>(), ["c"] = "", ["d"] = new[] { "y", "x", "y" } };

        Assert.Equal(2, row.Count);
        Assert.Equal(["x", "y"], row["d"].AsTags);
        row["c"] = default;
        Assert.Equal(1, row.Count);
        Assert.Throws<InvalidOperationException>(() => row["d"].AsNumber);
    }

    [Fact]
    public void A_view_stays_as_it_was_while_rows_and_fields_come()
    {
        var columns = FilterModelTests.Columns([new FieldValues { ["kind"] = "a" }, new FieldValues { ["kind"] = "b" }], FieldSchema.Open);
        var old = columns.View;
        for (var i = 0; i < 5000; i++)
        {
            columns.Append(new FieldValues { ["kind"] = i % 2 == 0 ? "a" : $"new {i}", ["later"] = i });
        }

        Assert.Equal([0], Filter.Parse("kind = \"a\"").Compile(old).ToArray());
        Assert.Equal([1], Filter.Parse("kind != \"a\"").Compile(old).ToArray());
        Assert.Equal([1], Filter.Parse("kind > \"a\"").Compile(old).ToArray());
        Assert.Empty(Filter.Parse("kind starts \"new\"").Compile(old).ToArray());
        Assert.Equal(RowEstimate.Exactly(1), Filter.Parse("kind = \"a\"").Estimate(old));
        Assert.Throws<VectorException>(() => Filter.Parse("later > 1").Compile(old));
        Assert.Equal(2501, Filter.Parse("kind = \"a\"").Compile(columns.View).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => old.Get(2));
    }

    [Fact]
    public void Over_many_rows_lists_and_bits_and_blocks_agree_with_a_look_at_each_row()
    {
        var random = new Random(5);
        FieldValues[] rows =
        [
            .. Enumerable.Range(0, 20_000).Select(i => new FieldValues
            {
                ["half"] = random.Next(2) == 0 ? "x" : "y",
                ["early"] = i < 3000 ? "dense first" : i % 997 == 0 ? "dense first" : $"u{i}",
                ["rising"] = i % 5 == 4 && i > 9000 ? default(FieldValue) : FieldValue.Time(1000 + i),
                ["score"] = i >= 8192 && i < 12_288 ? 7 : random.Next(1000) / 10.0,
                ["tags"] = new[] { "all", random.Next(3) == 0 ? "third" : "rest", $"r{random.Next(5000)}" },
            }),
        ];
        var columns = FilterModelTests.Columns(rows.Take(15_000), FieldSchema.Open);
        string[] texts =
        [
            "half = \"x\"", "half != \"x\"", "early = \"dense first\"", "early starts \"u1\"", "early < \"u15\"", "early >= \"u\"", "early between \"u12\" and \"u13\"",
            $"rising > {FieldValue.Time(13_000)}", $"rising between {FieldValue.Time(5000)} and {FieldValue.Time(13_500)}", "not rising exists", "score = 7", "score != 7", "score < 5 or score > 95",
            $"score in ({string.Join(',', Enumerable.Range(0, 50))})", "tags has \"all\"", "tags has \"third\" and half = \"y\"", "tags has \"r17\"",
            "half = \"x\" and score < 7 and not (tags has \"rest\" or early starts \"dense\")",
        ];
        foreach (var text in texts)
        {
            // The order of strings is made here, and is older than the rows that follow.
            Same(Filter.Parse(text), columns, rows[..15_000]);
        }

        foreach (var row in rows[15_000..])
        {
            columns.Append(row);
        }

        foreach (var text in texts)
        {
            Same(Filter.Parse(text), columns, rows);
            Same(Filter.Parse(text), FieldColumns.Read(SectionTests.Bytes(columns.View)), rows);
        }
    }

    private static void Same(Filter filter, FieldColumns columns, FieldValues[] rows)
    {
        var found = filter.Compile(columns.View);
        var estimate = filter.Estimate(columns.View);
        Assert.Equal(Naive.Rows(filter, rows), found.ToArray());
        Assert.InRange(found.Count, estimate.Least, estimate.Most);
        Assert.InRange(Math.Abs(estimate.Expected - found.Count), 0, rows.Length / 10);
    }
}
