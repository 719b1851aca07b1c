using System.Text;

namespace Skep.Plans.Tests.Reading;

public class YamlBoundsTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n\n  ", "empty")]
    [InlineData("# only a comment\n", "empty")]
    [InlineData("plan: x\0\n", "bad-character")]
    [InlineData("plan: \"a\\0b\"\n", "bad-character")]
    [InlineData("plan: x\u0007\n", "bad-character")]
    [InlineData("a: &a [*a]\n", "unknown-alias")]
    [InlineData("plan: x\n---\nplan: y\n", "multiple-documents")]
    public void Text_that_is_no_plan_is_one_clear_error(string text, string code) =>
        Assert.Equal(code, PlanText.OneError(text).Code);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Equal(DiagnosticCodes.BadCharacter, PlanText.OneError("plan: " + (char)0xD800 + "\n").Code);

    [Fact]
    public void A_text_that_is_too_large_is_not_parsed()
    {
        var error = Assert.Single(PlanReader.Read("plan: [[[[", new PlanLimits { MaxChars = 5 }).Diagnostics);
        Assert.Equal(DiagnosticCodes.TooLarge, error.Code);
        Assert.Contains("at most 5 are allowed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void A_megabyte_of_brackets_is_one_clear_error(char bracket) =>
        Assert.Equal(DiagnosticCodes.TooLarge, PlanText.OneError("plan: " + new string(bracket, 1_000_000)).Code);

    [Fact]
    public void Deep_block_nesting_is_refused()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 200; i++) text.Append(' ', i).Append("a:\n");
        Assert.Equal(DiagnosticCodes.TooLarge, PlanText.OneError(text.ToString()).Code);
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            text.Append($"a{i}: &a{i} [").AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", 10)).Append("]\n");
        Assert.Contains("use fewer aliases of aliases", PlanText.OneError(text.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_aliases_that_is_too_deep_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 5_000; i++) text.Append($"a{i}: &a{i} [*a{i - 1}]\n");
        Assert.Contains("levels deep", PlanText.OneError(text.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_repeat_values()
    {
        var plan = PlanText.Valid("plan: x\ntasks:\n  - { id: a, run: make, env: &e { A: b } }\n  - { id: b, run: make, env: *e }\n");
        Assert.Equal("b", plan.Tasks.Last().Env["A"]);
    }

    [Fact]
    public void A_repeated_key_names_both_places()
    {
        var error = PlanText.OneError("plan: x\ntasks:\n  - id: a\n    run: b\n    run: c\n");
        Assert.Equal(new SourceSpan(5, 5, 3), error.At);
        Assert.Contains("the first is at 4:5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeated_keys_are_found_in_large_mappings_too()
    {
        var vars = string.Concat(Enumerable.Range(0, 100).Select(i => $"  v{i}: 1\n"));
        Assert.Contains("stands here a second time", PlanText.Report($"plan: x\nvars:\n{vars}  v7: 2\ntasks: []\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_findings_is_bounded_and_says_so()
    {
        var text = "plan: x\ntasks:\n" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"  - {{ id: t{i}, run: x, bogus: 1 }}\n"));
        var result = PlanReader.Read(text, new PlanLimits { MaxDiagnostics = 10 });
        Assert.Equal(11, result.Diagnostics.Count);
        Assert.Equal("and 990 more findings; fix those above first", result.Diagnostics[^1].Message);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_accepted() =>
        Assert.Equal("x", PlanText.Valid("\uFEFFplan: x\r\ntasks:\r\n  - { id: a, run: make }\r\n").Name);

    [Fact]
    public void Messages_stay_short_whatever_they_quote()
    {
        var id = string.Concat(Enumerable.Repeat("\U0001F41D", 100_000));
        var result = PlanReader.Read($"plan: x\ntasks:\n  - {{ id: {id}, run: x, agent: {id} }}\n  - {{ id: {id}, run: x, needs: {id} }}\n");
        Assert.True(result.Diagnostics.Count >= 3);
        Assert.All(result.Diagnostics, d => Assert.InRange(d.Message.Length + (d.Offender?.Length ?? 0), 1, 1_200));
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        Assert.All(result.Diagnostics, d => Assert.NotEmpty(strict.GetBytes(d.Message + d.Offender)));
    }
}
