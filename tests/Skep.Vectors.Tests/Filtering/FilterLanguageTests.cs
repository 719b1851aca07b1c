using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>How texts are read, and what missing values mean.</summary>
public sealed class FilterLanguageTests
{
    private static readonly FieldValues[] Rows =
    [
        new() { ["kind"] = "note", ["score"] = 0.5, ["done"] = true, ["tags"] = new[] { "urgent", "x" } },
        new() { ["kind"] = "task", ["score"] = 2, ["done"] = false },
        new() { ["kind"] = "", ["tags"] = new[] { "x" } },
        new() { ["title"] = "Re: lunch", ["when"] = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)) },
    ];

    private static int[] Found(string text) => Filter.Parse(text).Compile(FilterModelTests.Columns(Rows, FieldSchema.Open).View).ToArray();

    [Theory]
    [InlineData("done or kind = \"a\" and score > 1", "done = true or kind = \"a\" and score > 1")]
    [InlineData("(done or kind = 'a') and score > 1", "(done = true or kind = \"a\") and score > 1")]
    [InlineData("NOT done AND Kind = \"a\"", "not done = true and Kind = \"a\"")]
    [InlineData("not (done and done)", "not (done = true and done = true)")]
    [InlineData("((done)) and (x exists and y exists)", "done = true and x exists and y exists")]
    [InlineData("a == 1 or b <> 2.50", "a = 1 or b != 2.5")]
    [InlineData("a = -0", "a = 0")]
    [InlineData("a between -1e3 and +5", "a between -1000 and 5")]
    [InlineData("a = 1.5e-5", "a = 1.5E-05")]
    [InlineData("t > 2026-01-01", "t > 2026-01-01T00:00:00Z")]
    [InlineData("t > 2026-01-01T08:30+01:00", "t > 2026-01-01T07:30:00Z")]
    [InlineData("t > 2026-01-01T00:00:00.1234567Z", "t > 2026-01-01T00:00:00.1234567Z")]
    [InlineData("a.b-c_1 = true", "a.b-c_1 = true")]
    [InlineData("`in` exists and `my field` = 'it\\'s'", "`in` exists and `my field` = \"it's\"")]
    [InlineData("a = \"\\u00e9\\t\\u0007\\\\\"", "a = \"é\\t\\u0007\\\\\"")]
    [InlineData("lang in ( \"de\",\"en\" )", "lang in (\"de\", \"en\")")]
    public void Texts_have_one_canonical_form(string text, string canonical)
    {
        var filter = Filter.Parse(text);

        Assert.Equal(canonical, filter.ToString());
        Assert.Equal(filter, Filter.Parse(canonical));
    }

    [Fact]
    public void A_filter_that_is_built_equals_the_one_that_is_read()
    {
        var built = Filter.Where("kind").Is("note") & (Filter.Where("score").AtLeast(0.5) | Filter.Where("tags").Has("urgent"))
            & !Filter.Where("archived").Is(true) & Filter.Where("created").Above(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
            & Filter.Where("lang").In("de", "en") & Filter.Where("title").StartsWith("Re") & Filter.Where("score").Between(1, 5) & Filter.Where("author").Exists();

        Assert.Equal(built, Filter.Parse(
            """
            kind = "note" and (score >= 0.5 or tags has "urgent") and not archived and created > 2026-01-01T00:00:00Z
            and lang in ("de","en") and title starts "Re" and score between 1 and 5 and author exists
            """));
    }

    [Theory]
    [InlineData("score < 1", new[] { 0 })]
    [InlineData("not score < 1", new[] { 1, 2, 3 })]
    [InlineData("score >= 1", new[] { 1 })]
    [InlineData("score != 2", new[] { 0 })]
    [InlineData("not score = 2", new[] { 0, 2, 3 })]
    [InlineData("done", new[] { 0 })]
    [InlineData("not done", new[] { 1, 2, 3 })]
    [InlineData("done = false", new[] { 1 })]
    [InlineData("done != true", new[] { 1 })]
    [InlineData("kind != \"note\"", new[] { 1, 2 })]
    [InlineData("kind < \"z\"", new[] { 0, 1, 2 })]
    [InlineData("kind exists", new[] { 0, 1, 2 })]
    [InlineData("not kind exists", new[] { 3 })]
    [InlineData("not tags has \"urgent\"", new[] { 1, 2, 3 })]
    [InlineData("tags exists and not tags has \"urgent\"", new[] { 2 })]
    [InlineData("when = 2026-03-01T10:00Z", new[] { 3 })]
    [InlineData("when = \"2026-03-01T12:00:00+02:00\"", new[] { 3 })]
    [InlineData("title starts \"Re\"", new[] { 3 })]
    [InlineData("title starts \"re\"", new int[0])]
    [InlineData("kind = \"never seen\"", new int[0])]
    [InlineData("score between 3 and 1", new int[0])]
    [InlineData("kind between \"z\" and \"a\"", new int[0])]
    public void A_comparison_with_a_missing_value_is_false_and_not_turns_it(string text, int[] expected) =>
        Assert.Equal(expected, Found(text));
}
