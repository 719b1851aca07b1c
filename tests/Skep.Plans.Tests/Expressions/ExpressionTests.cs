namespace Skep.Plans.Tests.Expressions;

public class ExpressionTests
{
    private static readonly Scope Values = new()
    {
        ["vars.n"] = PlanValue.Of(3),
        ["vars.name"] = PlanValue.Of("Bee"),
        ["vars.list"] = PlanValue.Of([PlanValue.Of("a"), PlanValue.Of("b"), PlanValue.Of(3)]),
        ["vars.map"] = PlanValue.FromJson(System.Text.Json.JsonDocument.Parse("""{"a":{"b":[1,2]},"x y":"z"}""").RootElement),
        ["vars.a b"] = PlanValue.Of("spaced"),
        ["vars.a-b"] = PlanValue.Of(7),
        ["vars.nothing"] = PlanValue.Null,
        ["tasks.build-all.outputs.count"] = PlanValue.Of("10"),
        ["tasks.build-all.outputs.ok"] = PlanValue.Of("true"),
        ["memory.ns/key/with-dashes"] = PlanValue.Of("kept"),
        ["memory.list"] = PlanValue.Of([PlanValue.Of("first")]),
        ["item"] = PlanValue.Of("it"),
    };

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2 - 1", "2.5")]
    [InlineData("-vars.n - -1", "-2")]
    [InlineData("2 - 1 - 1", "0")]
    [InlineData("'a' + \"b\"", "ab")]
    [InlineData("'it\\'s' + \"\\n\"", "it's\n")]
    [InlineData("1 < 2 and not (2 <= 1) or false", "true")]
    [InlineData("false || true && !false", "true")]
    [InlineData("not 1 == 2", "true")]
    [InlineData("vars.n == '3'", "true")]
    [InlineData("'10' == 10.0", "true")]
    [InlineData("tasks.build-all.outputs.count > 9", "true")]
    [InlineData("tasks.build-all.outputs.count > '9'", "false")]
    [InlineData("tasks.build-all.outputs.ok == true", "true")]
    [InlineData("'a' < 'b'", "true")]
    [InlineData("null == vars.nothing", "true")]
    [InlineData("vars.list == json('[\"a\",\"b\",3]')", "true")]
    [InlineData("vars['a b']", "spaced")]
    [InlineData("vars.a-b - 1", "6")]
    [InlineData("vars.list[0]", "a")]
    [InlineData("vars.list[-1]", "3")]
    [InlineData("vars.list[1 - 1]", "a")]
    [InlineData("json('{\"a\": {\"b\": [1, 2]}}').a.b[1]", "2")]
    [InlineData("json(\"{\\\"x y\\\": 5}\")['x y']", "5")]
    [InlineData("memory.ns/key/with-dashes", "kept")]
    [InlineData("memory['ns/key/with-dashes']", "kept")]
    [InlineData("memory.ns/key/with-dashes == 'kept'", "true")]
    [InlineData("memory.list[0]", "first")]
    [InlineData("len('abc') + len(vars.list)", "6")]
    [InlineData("default(vars.missing, 'x')", "x")]
    [InlineData("default(vars.nothing, 'x')", "x")]
    [InlineData("default(vars.missing + 1, 'x')", "x")]
    [InlineData("default(vars.list[9], 'x')", "x")]
    [InlineData("default(vars.n, vars.missing)", "3")]
    [InlineData("contains('abc', 'b')", "true")]
    [InlineData("contains(vars.list, '3')", "true")]
    [InlineData("contains(json('{\"a\":1}'), 'a')", "true")]
    [InlineData("starts_with(vars.name, 'B') and ends_with(vars.name, 'ee')", "true")]
    [InlineData("lower(vars.name) + upper('x') + trim('  y ')", "beeXy")]
    [InlineData("join(split('a,b,,c', ','), '-')", "a-b--c")]
    [InlineData("join(lines(\"a\\n\\n b \\n\"), '|')", "a| b ")]
    [InlineData("number('1e3') + 1", "1001")]
    [InlineData("json('{\"a\":1,\"a\":2}').a", "2")]
    [InlineData("true or vars.missing", "true")]
    [InlineData("false and vars.missing", "false")]
    public void Expressions_have_values(string text, string expected) =>
        Assert.Equal(expected, ExpressionEvaluator.Evaluate(new PlanExpression(text), Values).ToText());

    [Theory]
    [InlineData("", "the expression is empty")]
    [InlineData("1 +", "the expression ends where a value is expected")]
    [InlineData("1 2", "expected an operator or the end of the expression but found '2'")]
    [InlineData("(1", "the expression ends where ')' is expected")]
    [InlineData("1 < 2 < 3", "comparisons cannot be chained")]
    [InlineData("a = b", "'=' compares nothing; write '=='")]
    [InlineData("'abc", "the text that begins with ' is not closed")]
    [InlineData("'\\q'", "'\\q' is no escape")]
    [InlineData("lenn(x)", "unknown function 'lenn'; did you mean 'len'?")]
    [InlineData("len()", "'len' takes 1 argument, not 0")]
    [InlineData("memory.", "the expression ends where a name after '.' is expected")]
    [InlineData("a..b", "a name must follow '.'")]
    [InlineData("1 / 0", "division by zero")]
    [InlineData("1 + 'a'", "'+' adds two numbers or joins two texts")]
    [InlineData("'x' * 2", "'*' needs numbers, not the text 'x'")]
    [InlineData("true < 1", "cannot order a boolean and the number 1")]
    [InlineData("json('{')", "the text is not JSON")]
    [InlineData("number('x')", "'x' is not a number")]
    [InlineData("split('a', '')", "'split' needs a separator")]
    [InlineData("vars.list['x']", "'vars.list.x' has no value")]
    [InlineData("len(vars.n)", "'len' takes a text, a list or a map, not a number")]
    [InlineData("vars.missing", "'vars.missing' has no value")]
    [InlineData("1 # 2", "unexpected character '#'")]
    [InlineData("1.2.3", "'1.2.3' is not a number")]
    [InlineData("1e999", "'1e999' is not a number")]
    public void Wrong_expressions_are_explained(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Evaluate(new PlanExpression(text), Values)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", false)]
    [InlineData("x", true)]
    public void Texts_are_true_unless_empty(string text, bool expected) =>
        Assert.Equal(expected, ExpressionEvaluator.EvaluateCondition(new PlanExpression($"'{text}'"), Values));

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("json('[]')")]
    [InlineData("json('{}')")]
    public void Empty_values_are_false(string text) => Assert.False(ExpressionEvaluator.EvaluateCondition(new PlanExpression(text), Values));

    [Theory]
    [InlineData("a ${vars.n} b", "a 3 b")]
    [InlineData("${vars.name}${vars.n}", "Bee3")]
    [InlineData("$${vars.n} $$ $ {} }", "${vars.n} $$ $ {} }")]
    [InlineData("${vars.n}$${x}", "3${x}")]
    [InlineData("$${a}${vars.n}", "${a}3")]
    [InlineData("${'}' + '{'}", "}{")]
    [InlineData("${vars.list}", "[\"a\",\"b\",3]")]
    [InlineData("${vars.nothing}", "")]
    [InlineData("plain", "plain")]
    public void Templates_are_filled(string template, string expected) =>
        Assert.Equal(expected, ExpressionEvaluator.Interpolate(template, Values));

    [Theory]
    [InlineData("a ${vars.n")]
    [InlineData("${}")]
    [InlineData("${'}")]
    public void Broken_templates_are_refused(string template) =>
        Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Interpolate(template, Values));

    [Theory]
    [InlineData("(")]
    [InlineData("!")]
    [InlineData("not ")]
    [InlineData("-")]
    [InlineData("[")]
    [InlineData("len(")]
    [InlineData("a[")]
    [InlineData("1+")]
    [InlineData("a.")]
    [InlineData("'")]
    public void A_megabyte_of_one_thing_is_refused_without_harm(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length)) + "1";
        Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Evaluate(new PlanExpression(text), Values));
        var shorter = text[..(ExpressionLimits.MaxChars - 1)] + "1";
        Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Evaluate(new PlanExpression(shorter), Values));
    }

    [Fact]
    public void The_longest_chain_of_operators_is_evaluated()
    {
        var text = string.Join('+', Enumerable.Repeat("1", ExpressionLimits.MaxNodes / 2));
        Assert.Equal(ExpressionLimits.MaxNodes / 2, ExpressionEvaluator.Evaluate(new PlanExpression(text), Values).AsNumber);
    }

    [Fact]
    public void References_are_listed()
    {
        var paths = ExpressionEvaluator.TemplateReferences("x ${tasks.a.outputs.b + memory.c/d} $${no} ${default(vars['e f'], item.g[run.id])}");
        Assert.Equal(["tasks.a.outputs.b", "memory.c/d", "vars.e f", "item.g", "run.id"], paths.Select(p => string.Join('.', p)));
        Assert.Equal(["memory", "x/y.z-1"], ExpressionEvaluator.References(new PlanExpression("memory.x/y.z-1 > 3")).Single());
    }

    [Theory]
    [InlineData("[\"a\", 2]", "a|2")]
    [InlineData("a\n\n  b\n", "a|  b")]
    [InlineData("[not json]\nx", "[not json]|x")]
    [InlineData("", "")]
    public void Items_come_from_json_or_lines(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', ExpressionEvaluator.Items(PlanValue.Of(text)).Select(v => v.ToText())));

    [Fact]
    public void A_number_has_no_items() => Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Items(PlanValue.Of(1)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_expressions_yield_a_value_or_an_expression_error(int seed)
    {
        string[] pieces = ["vars.n", "vars.list", "item", "memory.x", "'a'", "1", "2.5", "true", "null", "+", "-", "*", "/", "==", "<", "and", "or", "not", "!", "(", ")", "[", "]", ".", ",", "len(", "default(", "json(", "split(", "\"", "'", "$", "{", "}", "\\", "e", " ", "é"];
        var random = new Random(seed);
        var values = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(2) == 0 ? " " : "")));
            try
            {
                ExpressionEvaluator.Evaluate(new PlanExpression(text), Values);
                values++;
            }
            catch (ExpressionException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }

        Assert.True(values > 100);
    }

    private sealed class Scope : Dictionary<string, PlanValue>, IExpressionScope
    {
        public PlanValue? Resolve(IReadOnlyList<string> path, out string? missing)
        {
            var name = string.Join('.', path);
            missing = $"'{name}' has no value";
            return TryGetValue(name, out var value) ? value : null;
        }
    }
}
