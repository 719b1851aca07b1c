using System.Text;
using Skep.Plans.Reading.Text;

namespace Skep.Plans.Tests.Reading;

public class CommandLineTests
{
    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("a 'b c' \"d e\"", "a|b c|d e")]
    [InlineData("a'b'\"c\"d", "abcd")]
    [InlineData("a '' b", "a||b")]
    [InlineData("a\\ b c\\'d", "a b|c'd")]
    [InlineData("\"a\\\"b\\\\c\\nd\"", "a\"b\\c\\nd")]
    [InlineData("'a\\b'", "a\\b")]
    [InlineData("$HOME * ; |", "$HOME|*|;||")]
    [InlineData("x ${default(vars.a, 'b c')} y", "x|${default(vars.a, 'b c')}|y")]
    [InlineData("x \"${vars['a b']} z\"", "x|${vars['a b']} z")]
    [InlineData("x '${item}'", "x|${item}")]
    [InlineData("x \\${item} $${item}", "x|$${item}|$${item}")]
    [InlineData("a \\\n b", "a|b")]
    [InlineData("  ", "")]
    public void Lines_are_split_by_posix_quoting(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandLine.Split(line, out _).Select(a => a.Text)));

    [Theory]
    [InlineData("a 'b", 2)]
    [InlineData("a \"b", 2)]
    [InlineData("ab\\", 2)]
    [InlineData("a ${b", 2)]
    public void What_is_left_open_is_reported_with_its_position(string line, int offset) =>
        Assert.Equal(offset, Assert.Throws<CommandLineException>(() => CommandLine.Split(line, out _)).Offset);

    [Fact]
    public void Lines_that_no_backslash_joins_are_noticed()
    {
        CommandLine.Split("a\nb", out var two);
        CommandLine.Split("a \\\nb\n", out var one);
        Assert.True(two);
        Assert.False(one);
    }

    [Fact]
    public void Quoted_arguments_come_back_whatever_they_hold()
    {
        var random = new Random(11);
        const string Alphabet = "ab '\"\\$|;*\n\t{}";
        for (var i = 0; i < 5_000; i++)
        {
            var arguments = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Alphabet[random.Next(Alphabet.Length)])))
                .ToList();
            var line = string.Join(' ', arguments.Select(a => Quote(a, random.Next(3))));
            Assert.Equal(arguments, CommandLine.Split(line, out _).Select(a => ExpressionEvaluator.Interpolate(a.Text, NoNames.Instance)));
        }
    }

    private static string Quote(string text, int style)
    {
        if (style == 0 && !text.Contains("${", StringComparison.Ordinal)) return $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        var quoted = new StringBuilder();
        foreach (var c in text)
        {
            if (style < 2 ? c is '"' or '\\' or '$' : !char.IsAsciiLetter(c) && c != '\n') quoted.Append('\\');
            quoted.Append(style == 2 && c == '\n' ? "'\n'" : c.ToString());
        }

        return style < 2 || quoted.Length == 0 ? $"\"{quoted}\"" : quoted.ToString();
    }

    private sealed class NoNames : IExpressionScope
    {
        public static NoNames Instance { get; } = new();

        public PlanValue? Resolve(IReadOnlyList<string> path, out string? missing)
        {
            missing = null;
            return null;
        }
    }
}
