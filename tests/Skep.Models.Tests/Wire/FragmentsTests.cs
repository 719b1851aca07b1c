using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Wire;

/// <summary>However the bytes of an answer are cut up on their way, the answer is the same.</summary>
public class FragmentsTests
{
    [Theory, MemberData(nameof(Both))]
    public async Task An_answer_in_one_piece_is_read_whole(ModelWire wire, string text, string expected) =>
        Assert.Equal(expected, Clients.Print(await Clients.ReadAsync(Clients.Of(wire, ByteServer.Streams(text)))));

    [Theory, MemberData(nameof(Both))]
    public async Task An_answer_that_is_cut_in_two_anywhere_is_the_same(ModelWire wire, string text, string expected)
    {
        foreach (var form in Forms(text))
        {
            for (var cut = 1; cut < form.Length; cut++)
                Assert.Equal(expected, await ReadAsync(wire, form, [cut]));
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_answer_that_comes_byte_by_byte_is_the_same(ModelWire wire, string text, string expected)
    {
        foreach (var form in Forms(text))
            Assert.Equal(expected, await ReadAsync(wire, form, [.. Enumerable.Range(1, form.Length - 1)]));
    }

    [Theory, MemberData(nameof(Both))]
    public void An_answer_in_any_pieces_is_the_same(ModelWire wire, string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var cuts = Gen.Choose(1, bytes.Length - 1).ArrayOf().ToArbitrary();
        Prop.ForAll(cuts, c => ReadAsync(wire, bytes, [.. c.Distinct().Order()]).GetAwaiter().GetResult() == expected)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Theory, MemberData(nameof(Both))]
    public void Whatever_happens_to_the_bytes_an_answer_is_read_or_a_fault_is_told(ModelWire wire, string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.NotEqual(expected, text);
        var changes = Gen.Choose(0, bytes.Length - 1).Zip(Gen.Choose(0, 255)).ArrayOf().ToArbitrary();
        Prop.ForAll(changes, made =>
        {
            var broken = (byte[])bytes.Clone();
            foreach (var (at, value) in made) broken[at] = (byte)value;
            try
            {
                return ReadAsync(wire, broken, []).GetAwaiter().GetResult().Length > 0;
            }
            catch (ModelException failed)
            {
                return failed.Message.Contains("provider '");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    public static TheoryData<ModelWire, string, string> Both() => new()
    {
        { ModelWire.OpenAI, Recordings.OpenAITools, Recordings.OpenAIToolsRead },
        { ModelWire.Anthropic, Recordings.AnthropicTools, Recordings.AnthropicToolsRead },
    };

    // Lines may end in LF, CRLF or CR; a byte order mark may come first; frames may have two lines of data.
    private static IEnumerable<byte[]> Forms(string text)
    {
        yield return Encoding.UTF8.GetBytes(text);
        yield return Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n"));
        yield return [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text.Replace("\n", "\r").Replace("\"model\":", "\"model\":\rdata: "))];
    }

    private static async Task<string> ReadAsync(ModelWire wire, byte[] bytes, int[] cuts) =>
        Clients.Print(await Clients.ReadAsync(Clients.Of(wire, ByteServer.Streams(() => new PieceStream(bytes, cuts, StreamEnd.Eof)))));
}
