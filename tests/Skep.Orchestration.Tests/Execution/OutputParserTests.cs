using FsCheck;
using FsCheck.Fluent;
using Skep.Orchestration.Commands;

namespace Skep.Orchestration.Tests.Execution;

public sealed class OutputParserTests
{
    [Fact]
    public void Keys_and_values_are_read()
    {
        var outputs = OutputParser.Parse("a=1\r\n\nb.c/d-e_f=x=y<<z\nempty=\ntext<<EOF\none\n\n two=2\nEOF\na=2\n");

        Assert.Equal(
            new Dictionary<string, string> { ["a"] = "2", ["b.c/d-e_f"] = "x=y<<z", ["empty"] = "", ["text"] = "one\n\n two=2" },
            outputs);
    }

    [Theory]
    [InlineData("a=1\noops\n", "line 2 'oops': expected key=value or key<<END")]
    [InlineData("a b=1", "line 1 'a b=1': the key 'a b' must have 1 to 128")]
    [InlineData("=1", "line 1 '=1': the key ''")]
    [InlineData("a=x\0y", "line 1 'a=x\0y': the value of 'a' contains a NUL character")]
    [InlineData("a<<\nx", "line 1 'a<<': no word after <<")]
    [InlineData("x=1\na<<END\none\n", "line 2 'a<<END': the value is not closed by a line 'END'")]
    [InlineData("a!<<E\nE", "line 1 'a!<<E': the key 'a!'")]
    public void A_mistake_is_named_with_its_line(string text, string message)
    {
        var error = Assert.Throws<OutputFormatException>(() => OutputParser.Parse(text));

        Assert.StartsWith("SKEP_OUTPUT " + message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_and_number_are_bounded()
    {
        Assert.Equal(1000, OutputParser.Parse(string.Concat(Enumerable.Range(0, 1000).Select(i => $"k{i}=v\n"))).Count);
        Assert.Contains("more than 1000 keys", Error(string.Concat(Enumerable.Range(0, 1001).Select(i => $"k{i}=v\n"))), StringComparison.Ordinal);
        Assert.Contains("larger than 64 KiB", Error("k=" + new string('é', 33_000)), StringComparison.Ordinal);
        Assert.Contains("must have 1 to 128", Error(new string('k', 129) + "=1"), StringComparison.Ordinal);

        static string Error(string text) => Assert.Throws<OutputFormatException>(() => OutputParser.Parse(text)).Message;
    }

    [Fact]
    public void Any_value_survives_the_long_form_and_any_text_gives_outputs_or_an_error()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var value = text.Get.Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal);
            var read = OutputParser.Parse($"key<<-=END=-\n{value}\n-=END=-\n");
            try
            {
                _ = OutputParser.Parse(text.Get);
            }
            catch (OutputFormatException e) when (e.Message.StartsWith("SKEP_OUTPUT line ", StringComparison.Ordinal))
            {
            }

            return read["key"] == value;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20_261, 1_977));
    }
}
