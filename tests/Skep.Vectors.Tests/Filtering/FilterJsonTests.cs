using System.Text.Json;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>Filters as JSON objects.</summary>
public sealed class FilterJsonTests
{
    private static Filter Read(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return FilterJson.Read(document.RootElement);
    }

    [Theory]
    [InlineData("""{"kind": "note", "score": {"$gte": 0.5, "$lt": 9}}""", "kind = \"note\" and score >= 0.5 and score < 9")]
    [InlineData("""{"$or": [{"a": 1}, {"b": true, "c": {"$ne": "x"}}]}""", "a = 1 or b = true and c != \"x\"")]
    [InlineData("""{"$and": [{"a": {"$gt": 1}}, {"$or": [{"b": {"$lte": 2}}, {"c": {"$eq": 3}}]}]}""", "a > 1 and (b <= 2 or c = 3)")]
    [InlineData("""{"$not": {"a": 1, "b": 2}}""", "not (a = 1 and b = 2)")]
    [InlineData("""{"a": {"$not": {"$in": [1, 2]}}}""", "not a in (1, 2)")]
    [InlineData("""{"a": ["x", "y"]}""", "a in (\"x\", \"y\")")]
    [InlineData("""{"a": {"$nin": ["x"]}}""", "not a in (\"x\")")]
    [InlineData("""{"tags": {"$has": "urgent"}, "title": {"$starts": "Re"}}""", "tags has \"urgent\" and title starts \"Re\"")]
    [InlineData("""{"a": {"$exists": true}, "b": {"$exists": false}, "c": null}""", "a exists and not b exists and not c exists")]
    public void An_object_is_read_as_the_expression_that_it_means(string json, string text) => Assert.Equal(Filter.Parse(text), Read(json));

    [Theory]
    [InlineData("[1]", "at $: expected an object")]
    [InlineData("{}", "at $: there is no condition")]
    [InlineData("""{"a": {}}""", "at $.a: there is no condition")]
    [InlineData("""{"$xor": []}""", "at $.$xor: expected a field, $and, $or or $not")]
    [InlineData("""{"$or": []}""", "at $.$or: there is no condition")]
    [InlineData("""{"$or": {"a": 1}}""", "at $.$or: expected an array of objects")]
    [InlineData("""{"$or": [{"a": 1}, 5]}""", "at $.$or[1]: expected an object")]
    [InlineData("""{"a": {"$near": 1}}""", "at $.a.$near: expected $eq, $ne")]
    [InlineData("""{"a": {"$in": 1}}""", "at $.a.$in: expected an array of values, not 1")]
    [InlineData("""{"a": {"$in": [[]]}}""", "at $.a.$in[0]: expected a string, a number")]
    [InlineData("""{"a": []}""", "at $.a: The condition on 'a' cannot be built")]
    [InlineData("""{"a": {"$gt": 1e999}}""", "at $.a.$gt: ")]
    [InlineData("""{"a": "\ud800"}""", "at $.a: the string holds half of a surrogate pair")]
    [InlineData("""{"\ud800": 1}""", "at $: a member's name holds half of a surrogate pair")]
    [InlineData("""{"a": {"$has": 1}}""", "at $.a.$has: expected a string, not 1")]
    [InlineData("""{"a": {"$exists": 1}}""", "at $.a.$exists: expected true or false")]
    [InlineData("""{"": 1}""", "at $.: The field name '' cannot be used")]
    public void A_slip_is_said_with_its_path(string json, string said)
    {
        var e = Assert.Throws<VectorException>(() => Read(json));

        Assert.Equal(VectorFault.BadFilter, e.Fault);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"$not\":", "}")]
    [InlineData("{\"a\":{\"$not\":", "}}")]
    public void Depth_is_bounded(string open, string close)
    {
        var inner = open.Contains('a') ? "{\"$not\":" : open;
        var json = open + string.Concat(Enumerable.Repeat(inner, 100)) + "{\"$exists\":true}" + string.Concat(Enumerable.Repeat("}", 100)) + close;

        Assert.Contains("nested deeper than the 64", Assert.Throws<VectorException>(() => Read(json)).Message, StringComparison.Ordinal);
    }
}
