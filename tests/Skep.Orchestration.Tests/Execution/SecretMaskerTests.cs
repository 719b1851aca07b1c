using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skep.Orchestration.Output;

namespace Skep.Orchestration.Tests.Execution;

public sealed class SecretMaskerTests
{
    private static string MaskInPieces(SecretMasker masker, string text, Func<int, int> pieceLength)
    {
        var stream = new MaskingStream(masker);
        var output = new ArrayBufferWriter<byte>();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var length = Math.Min(pieceLength(i), bytes.Length - at);
            stream.Write(bytes.AsSpan(at, length), output);
            at += length;
        }

        stream.Flush(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("a hunter22 b", "a *** b")]
    [InlineData("hunter22hunter22", "******")]
    [InlineData("hunter2", "hunter2")]
    [InlineData("", "")]
    [InlineData("hunter2222-long", "***")]
    [InlineData("hunter2222-lon", "***22-lon")]
    [InlineData("xhunter22-tail!", "x***!")]
    public void The_longest_secret_is_masked_and_overlaps_leave_nothing_standing(string text, string expected)
    {
        var masker = new SecretMasker(["hunter22", "hunter2222-long", "r22-tail"]);

        Assert.Equal(expected, masker.MaskText(text));
        Assert.Equal(expected, MaskInPieces(masker, text, _ => 1));
    }

    [Fact]
    public void However_a_stream_is_cut_it_is_masked_like_the_whole()
    {
        var letters = Gen.Elements('a', 'b', 'c');
        var word = Gen.Choose(4, 8).SelectMany(n => letters.ListOf(n)).Select(cs => string.Concat(cs));
        var cases =
            from secrets in word.NonEmptyListOf()
            from text in Gen.Choose(0, 120).SelectMany(n => Gen.Elements('a', 'b', 'c', 'é').ListOf(n)).Select(cs => string.Concat(cs))
            from cuts in Gen.Choose(1, 9).NonEmptyListOf()
            select (Secrets: secrets.Distinct().Take(4).ToArray(), Text: text, Cuts: cuts.ToArray());

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var masker = new SecretMasker(c.Secrets);
            var masked = MaskInPieces(masker, c.Text, i => c.Cuts[i % c.Cuts.Length]);
            return masked == ByPositions(c.Secrets, c.Text) && !c.Secrets.Any(s => masked.Contains(s, StringComparison.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20_261, 1_977));
    }

    [Fact]
    public void Secrets_of_several_lines_are_masked_line_by_line_too()
    {
        var masker = new SecretMasker(["-----BEGIN-----\r\nkeyline1\r\nkeyline2\r\n"]);

        Assert.Equal("a *** b *** c", masker.MaskText("a keyline1 b keyline2 c"));
        Assert.Equal("[***]", masker.MaskText("[-----BEGIN-----\r\nkeyline1\r\nkeyline2]"));
    }

    [Theory]
    [InlineData("{\"key\":\"pa\\u0022ss\\nword\"}")]
    [InlineData("{\"key\":\"pa\\\"ss\\nword\"}")]
    [InlineData("?key=pa%22ss%0Aword")]
    [InlineData("key: cGEic3MKd29yZA==")]
    public void Secrets_are_masked_in_the_forms_that_programs_print(string text)
    {
        var masked = new SecretMasker(["pa\"ss\nword"]).MaskText(text);

        Assert.Contains("***", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("word", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("cGEi", masked, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_become_a_secret_is_not_held_back()
    {
        var stream = new MaskingStream(new SecretMasker(["hunter22"]));
        var output = new ArrayBufferWriter<byte>();

        stream.Write("abc hun"u8, output);
        Assert.Equal("abc ", Encoding.UTF8.GetString(output.WrittenSpan));
        stream.Write("gry"u8, output);
        Assert.Equal("abc hungry", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    /// <summary>The definition, slowly: every position that any secret covers is masked; neighbours that overlap share one mask.</summary>
    private static string ByPositions(string[] secrets, string text)
    {
        var ends = new int[text.Length];
        for (var i = 0; i < text.Length; i++)
            ends[i] = secrets.Where(s => text.AsSpan(i).StartsWith(s)).Select(s => i + s.Length).DefaultIfEmpty(i).Max();
        var result = new StringBuilder();
        var covered = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (ends[i] > i && i >= covered) result.Append("***");
            covered = Math.Max(covered, ends[i]);
            if (i >= covered) result.Append(text[i]);
        }

        return result.ToString();
    }
}
