using System.Globalization;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>What is said about filters that cannot be read or do not fit, and where it points.</summary>
public sealed class FilterErrorTests
{
    private static readonly FieldSchema Schema = new(
        [new("kind", FieldType.Text), new("score", FieldType.Number), new("done", FieldType.Flag), new("when", FieldType.Time), new("tags", FieldType.Tags)]);

    private static string Message(string text)
    {
        var e = Assert.Throws<VectorException>(() => Filter.Parse(text).Check(Schema));
        Assert.Equal(VectorFault.BadFilter, e.Fault);
        return e.Message;
    }

    [Fact]
    public void An_unknown_field_is_marked_and_the_nearest_known_one_is_named() => Assert.Equal(
        """
        The filter cannot be used: there is no field 'scor'; did you mean 'score'? (fields: kind (string), score (number), done (bool), when (time), tags (tags)), at column 16.
          kind = "a" and scor >= 0.5
                         ^^^^
        """.ReplaceLineEndings("\n"),
        Message("kind = \"a\" and scor >= 0.5"));

    [Fact]
    public void A_value_of_another_type_is_marked_with_both_types() => Assert.Equal(
        """
        The filter cannot be used: 'score' is a number, and "high" is a string; write numbers without quotes, such as 0.5, at column 9.
          score > "high"
                  ^^^^^^
        """.ReplaceLineEndings("\n"),
        Message("score > \"high\""));

    [Fact]
    public void In_a_text_of_several_lines_the_line_is_named() => Assert.Equal(
        """
        The filter cannot be used: expected a value (strings stand between quotes), not 'note', at line 2, column 14.
            and kind = note
                       ^^^^
        """.ReplaceLineEndings("\n"),
        Message("done\n  and kind = note\n  and score > 1"));

    [Fact]
    public void In_a_long_line_the_surroundings_are_shown()
    {
        var message = Message(string.Concat(Enumerable.Repeat("score > 1 and ", 100)) + "score > ? and done" + string.Concat(Enumerable.Repeat(" and done", 100)));

        var lines = message.Split('\n');
        Assert.Equal('?', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
        Assert.InRange(lines[1].Length, 20, 90);
        Assert.Contains("column 1409", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("kind", "'kind' is a string, and only a bool is a condition by itself", 1)]
    [InlineData("kind =", "ends where a value", 7)]
    [InlineData("kind = \"a", "string is never closed", 8)]
    [InlineData("kind = \"a\\q\"", "escape is unknown", 10)]
    [InlineData("kind = \"\\ud800\"", "half of a surrogate pair", 8)]
    [InlineData("`kind = 1", "backquote is never closed", 1)]
    [InlineData("`` = 1", "no name of a field", 1)]
    [InlineData("(done", "parenthesis is never closed", 1)]
    [InlineData("done)", "expected 'and', 'or' or the end, not ')'", 5)]
    [InlineData("(done done)", "expected a comparison", 7)]
    [InlineData("done and", "ends where a field", 9)]
    [InlineData("and done", "expected a field", 1)]
    [InlineData("!done", "write 'not'", 1)]
    [InlineData("score => 1", "'=>' is no comparison", 7)]
    [InlineData("score & 1", "'&' has no meaning", 7)]
    [InlineData("score = 1.2.3", "is no number", 9)]
    [InlineData("score = 1e999", "is no number", 9)]
    [InlineData("score between 1 or 2", "expected 'and' and the upper bound, not 'or'", 17)]
    [InlineData("kind in \"a\"", "expected '(' and the values", 9)]
    [InlineData("kind in ()", "expected a value", 10)]
    [InlineData("kind in (\"a\" \"b\")", "expected ',' or ')'", 14)]
    [InlineData("kind in (\"a\", 1)", "'kind' is a string, and 1 is a number; write strings between quotes", 15)]
    [InlineData("tags has 1", "expected a string between quotes", 10)]
    [InlineData("tags = \"a\"", "ask for one with tags has", 6)]
    [InlineData("tags in (\"a\")", "ask for one after the other", 6)]
    [InlineData("kind has \"a\"", "'kind' is a string: 'has' needs a set of tags", 6)]
    [InlineData("score starts \"a\"", "'score' is a number: 'starts' needs a string", 7)]
    [InlineData("done between true and false", "'done' is a bool: 'between' needs", 6)]
    [InlineData("done > false", "there are = and != only", 6)]
    [InlineData("when > 2026-13-01", "is no time; expected a time such as", 8)]
    [InlineData("when > 2026-01-01T08:00", "is no time; expected a time such as", 8)]
    [InlineData("when > \"soon\"", "'when' is a time, and \"soon\" is none", 8)]
    [InlineData("when > 5", "'when' is a time, and 5 is a number", 8)]
    [InlineData("elephant exists", "no field 'elephant' (fields", 1)]
    public void Each_slip_is_said_where_it_is(string text, string said, int column = 0)
    {
        var message = Message(text);

        Assert.Contains(said, message, StringComparison.Ordinal);
        if (column > 0)
        {
            var lines = message.Split('\n');
            Assert.EndsWith($"at column {column}.", lines[0], StringComparison.Ordinal);
            Assert.Equal(column + 1, lines[2].IndexOf('^', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_filter_that_was_built_shows_its_fault_in_its_canonical_text()
    {
        var e = Assert.Throws<VectorException>(() => (Filter.Where("done").Is(true) & Filter.Where("score").Is("x")).Check(Schema));

        Assert.Contains("done = true and score = \"x\"\n" + new string(' ', 26) + "^^^", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_length_and_number_of_values_are_bounded()
    {
        Assert.Contains("nested deeper than the 64", Message(new string('(', 65) + "done" + new string(')', 65)), StringComparison.Ordinal);
        Assert.Contains("nested deeper than the 64", Message(string.Concat(Enumerable.Repeat("not ", 65)) + "done"), StringComparison.Ordinal);
        Assert.Contains("65537 characters", Message(new string(' ', 65_537)), StringComparison.Ordinal);
        var many = string.Join(',', Enumerable.Range(0, 4097).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        Assert.Contains("one value more than the 4096", Message($"score in ({many})"), StringComparison.Ordinal);
        Assert.Contains("more than the 4096 conditions", Message(string.Join(" or ", Enumerable.Repeat("done", 4097))), StringComparison.Ordinal);

        var deep = Filter.Where("done").Exists();
        var e = Assert.Throws<VectorException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                deep = !deep;
            }
        });
        Assert.Contains("65 levels deep", e.Message, StringComparison.Ordinal);
        Assert.Equal(64, deep.Depth);
        Assert.Equal(deep, Filter.Parse(deep.ToString()));
    }

    [Fact]
    public void Conditions_that_cannot_be_are_refused_where_they_are_built()
    {
        var where = Filter.Where("x");

        Assert.Equal(VectorFault.BadFilter, Assert.Throws<VectorException>(() => where.Is(double.NaN)).Fault);
        Assert.Equal(VectorFault.BadFilter, Assert.Throws<VectorException>(() => where.Is(default)).Fault);
        Assert.Equal(VectorFault.BadFilter, Assert.Throws<VectorException>(() => where.Is(new[] { "a" })).Fault);
        Assert.Equal(VectorFault.BadFilter, Assert.Throws<VectorException>(() => where.In()).Fault);
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => Filter.Where("a`b")).Fault);
    }

    [Fact]
    public void Whatever_the_text_it_is_read_or_refused_with_a_mark_inside_the_line()
    {
        const string Letters = "()=!<>,\"'`\\ \n-+.:09eTZandorinhas\u0000é\ud83d";
        var random = new Random(11);
        string[] seeds = ["kind = \"a\" and not (score >= 0.5 or tags has 'x')", "when between 2026-01-01 and 2026-02-01T00:00Z", "kind in (\"a\",\n\"b\") or `odd` exists and done"];
        var (refused, read) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var text = seeds[i % seeds.Length].ToCharArray().ToList();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(text.Count);
                text.RemoveRange(at, Math.Min(random.Next(0, 3), text.Count - at));
                text.Insert(at, Letters[random.Next(Letters.Length)]);
            }

            try
            {
                var filter = Filter.Parse(string.Concat(text));
                Assert.Equal(filter, Filter.Parse(filter.ToString()));
                read++;
            }
            catch (VectorException e)
            {
                var lines = e.Message.Split('\n');
                Assert.Equal(3, lines.Length);
                Assert.InRange(lines[2].IndexOf('^', StringComparison.Ordinal), 2, lines[1].Length);
                refused++;
            }
        }

        Assert.True(refused > 500 && read > 200, $"{refused} refused, {read} read");
    }
}
