using System.Text.Json;
using Skep.Agents.Tools;

namespace Skep.Agents.Tests.Tools;

public sealed class ToolSchemaTests
{
    private static readonly ToolSchema Schema = ToolSchema.Parse("""
        {"type":"object","properties":{
        "path":{"type":"string","minLength":1,"maxLength":5},
        "count":{"type":"integer","minimum":1,"maximum":9},
        "all":{"type":"boolean"},
        "kind":{"type":"string","enum":["a","b"]},
        "argv":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string","maxLength":3}},
        "free":{"type":"object"}},
        "required":["path"],"additionalProperties":false}
        """);

    public static TheoryData<string, string, string> Confusions => new()
    {
        { "no object", "[]", "must be a JSON object" },
        { "a text that holds JSON", "\"{\\\"path\\\":\\\"a\\\"}\"", "must be a JSON object" },
        { "nothing", "{}", "'path' is missing" },
        { "null for a text", """{"path":null}""", "leave it out" },
        { "number for a text", """{"path":5}""", "must be a text" },
        { "list for a text", """{"path":["a"]}""", "must be a text" },
        { "object for a text", """{"path":{"toString":"a"}}""", "must be a text" },
        { "empty text", """{"path":""}""", "too short" },
        { "long text", """{"path":"abcdef"}""", "at most 5" },
        { "text for a number", """{"path":"a","count":"5"}""", "must be a whole number" },
        { "half a number", """{"path":"a","count":1.5}""", "must be a whole number" },
        { "number too large", """{"path":"a","count":99999999999999999999}""", "must be a whole number" },
        { "number out of range", """{"path":"a","count":-1}""", "give 1 to 9" },
        { "text for a switch", """{"path":"a","all":"true"}""", "must be true or false" },
        { "number for a switch", """{"path":"a","all":1}""", "must be true or false" },
        { "unknown choice", """{"path":"a","kind":"A"}""", "give one of a, b" },
        { "text for a list", """{"path":"a","argv":"rm -rf /"}""", "must be a list" },
        { "list of lists", """{"path":"a","argv":[["a"]]}""", "argv[0]" },
        { "list of numbers", """{"path":"a","argv":[1]}""", "argv[0]" },
        { "empty list", """{"path":"a","argv":[]}""", "give 1 to 2" },
        { "long list", """{"path":"a","argv":["a","b","c"]}""", "give 1 to 2" },
        { "unknown member", """{"path":"a","sudo":true}""", "'sudo' is no argument" },
        { "member in other case", """{"Path":"a"}""", "'Path' is no argument" },
        { "__proto__", """{"path":"a","__proto__":{"all":true}}""", "is no argument" },
        { "constructor", """{"path":"a","constructor":{}}""", "is no argument" },
        { "duplicate member", """{"path":"a","path":"../b"}""", "more than once" },
        { "escaped duplicate", """{"path":"a","p\u0061th":"../b"}""", "more than once" },
        { "half a surrogate", """{"path":"\ud800"}""", "surrogate" },
        { "half a surrogate as a name", """{"path":"a","\ud800":1}""", "surrogate" },
        { "duplicate deep within", """{"path":"a","free":{"x":{"y":1,"y":2}}}""", "more than once" },
        { "text for an object", """{"path":"a","free":"{}"}""", "must be a JSON object" },
    };

    [Theory]
    [MemberData(nameof(Confusions))]
    public void Arguments_that_do_not_fit_are_refused_with_what_would(string name, string json, string expected)
    {
        using var document = JsonDocument.Parse(json);

        var refusal = Assert.Throws<ToolRefusal>(() => Schema.Read(document.RootElement));

        Assert.True(refusal.Message.Contains(expected, StringComparison.Ordinal), $"{name}: {refusal.Message}");
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var deep = "{\"path\":\"a\",\"free\":" + string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 41);
        using var document = JsonDocument.Parse(deep);

        Assert.Contains("nested deeper", Assert.Throws<ToolRefusal>(() => Schema.Read(document.RootElement)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_values_are_refused()
    {
        using var document = JsonDocument.Parse("{\"path\":\"a\",\"free\":{\"a\":[" + string.Join(',', Enumerable.Repeat("1", ToolSchema.MaxValues + 1)) + "]}}");

        Assert.Contains("more than", Assert.Throws<ToolRefusal>(() => Schema.Read(document.RootElement)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Huge_arguments_are_refused_before_they_are_looked_at()
    {
        using var document = JsonDocument.Parse($$"""{"path":"{{new string('a', ToolSchema.MaxBytes)}}"}""");

        Assert.Contains("smaller pieces", Assert.Throws<ToolRefusal>(() => Schema.Read(document.RootElement)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_that_fit_are_read()
    {
        using var document = JsonDocument.Parse("""{"path":"a","count":3,"all":true,"kind":"b","argv":["x","y"],"free":{"a":{"b":[1,"c",null]}}}""");

        var args = Schema.Read(document.RootElement);

        Assert.Equal(("a", 3, true, "b"), (args.Need("path"), args.Whole("count"), args.Flag("all"), args.Text("kind")));
        Assert.Equal(["x", "y"], args.List("argv"));
        Assert.Equal(1, args.Object("free").GetProperty("a").GetProperty("b")[0].GetInt32());
    }
}
