using System.Buffers;
using System.Text;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

public sealed class RespParserTests
{
    private static readonly string[] Replies =
    [
        "+OK\r\n", "-ERR no\r\n", ":-42\r\n", "$5\r\nhe\r\no\r\n", "$-1\r\n", "$0\r\n\r\n", "_\r\n", "#t\r\n", ",3.25\r\n", "(123456789012345678901\r\n", "=7\r\ntxt:abc\r\n", "!5\r\nERR x\r\n",
        "*0\r\n", "*-1\r\n", "*2\r\n:1\r\n*1\r\n+x\r\n", "%1\r\n+k\r\n:2\r\n", "~2\r\n:1\r\n:2\r\n", ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n", "|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n",
    ];

    [Fact]
    public void Every_kind_of_reply_is_read_wherever_it_is_cut()
    {
        var parser = new RespParser(1_000);
        foreach (var text in Replies)
        {
            var bytes = Encoding.UTF8.GetBytes(text + "+next\r\n");
            var length = bytes.Length - 7;
            for (var cut = 0; cut < length; cut++)
            {
                Assert.False(parser.TryRead(bytes.AsSpan(0, cut), out _, out var wanted), $"{text} cut after {cut}");
                Assert.InRange(wanted, cut + 1, length);
            }

            Assert.True(parser.TryRead(bytes, out _, out var used));
            Assert.Equal(length, used);
        }
    }

    [Fact]
    public void Replies_mean_what_they_say()
    {
        Assert.Equal("OK", One("+OK\r\n").Text);
        Assert.Equal((RespKind.Error, "ERR no"), (One("-ERR no\r\n").Kind, One("-ERR no\r\n").Text));
        Assert.Equal(-42, One(":-42\r\n").Integer);
        Assert.Equal("he\r\no", One("$5\r\nhe\r\no\r\n").Text);
        Assert.Equal(RespKind.Null, One("$-1\r\n").Kind);
        Assert.Equal("v", One("|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n").Text);
        var push = One(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n");
        Assert.Equal((RespKind.Push, 3, "hi"), (push.Kind, push.Items!.Length, push.Items[2].Text));
        Assert.Equal(1, One("#t\r\n").Integer);
    }

    [Theory]
    [InlineData("hello\r\n", "is this a Redis?")]
    [InlineData("\r\n", "empty line")]
    [InlineData("$1001\r\n", "at most 1000")]
    [InlineData("$-2\r\n", "at most 1000")]
    [InlineData("$99999999999999999999\r\n", "where a number belongs")]
    [InlineData("$2\r\nabcd", "does not end where it should")]
    [InlineData("*1025\r\n", "at most 1024")]
    [InlineData("%513\r\n", "at most 1024")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "deeper than 4")]
    [InlineData("|1\r\n:1\r\n:1\r\n|1\r\n:1\r\n:1\r\n|1\r\n:1\r\n:1\r\n|1\r\n:1\r\n:1\r\n|1\r\n", "deeper than 4")]
    [InlineData(":1\n", "CR LF")]
    [InlineData(":1x\r\n", "where a number belongs")]
    public void What_is_not_a_reply_or_too_large_is_refused_before_room_is_made_for_it(string text, string why)
    {
        var e = Assert.Throws<RespException>(() => new RespParser(1_000).TryRead(Encoding.UTF8.GetBytes(text), out _, out _));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        var endless = new byte[RespParser.MaxLine + 2];
        endless.AsSpan().Fill((byte)'+');
        Assert.Throws<RespException>(() => new RespParser(1_000).TryRead(endless, out _, out _));
    }

    /// <summary>Random bytes, and replies with bytes changed: either a reply, or an incomplete one, or refused; never another exception, never beyond the buffer.</summary>
    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        var random = new Random(77);
        var parser = new RespParser(200);
        var (read, incomplete, refused) = (0, 0, 0);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = i % 2 == 0 ? Noise(random) : Changed(random);
            try
            {
                if (parser.TryRead(bytes, out _, out var used))
                {
                    read++;
                    Assert.InRange(used, 1, bytes.Length);
                }
                else
                {
                    incomplete++;
                    Assert.True(used > bytes.Length);
                }
            }
            catch (RespException)
            {
                refused++;
            }
        }

        Assert.True(read > 1_000 && incomplete > 1_000 && refused > 1_000, $"{read} read, {incomplete} incomplete, {refused} refused");
    }

    [Fact]
    public void Commands_are_written_as_arrays_of_strings_of_any_bytes()
    {
        var to = new ArrayBufferWriter<byte>();
        RespCommand.Write(to, [RespCommand.Of("SET"), RespCommand.Of("ä"), new byte[] { 13, 10 }]);
        Assert.Equal("*3\r\n$3\r\nSET\r\n$2\r\nä\r\n$2\r\n\r\n\r\n", Encoding.UTF8.GetString(to.WrittenSpan));
    }

    [Fact]
    public void Records_survive_the_way_and_damaged_ones_are_not_taken()
    {
        var record = new SharedRecord(CacheOrder.Of(9, absent: false), 1_000, 2_000, "value"u8.ToArray());
        var bytes = RecordFormat.Write(record);
        var back = RecordFormat.Read(bytes)!.Value;
        Assert.Equal((record.Order, record.AsOf, record.Expires, "value"), (back.Order, back.AsOf, back.Expires, Encoding.UTF8.GetString(back.Value!.Value.Span)));
        var absent = RecordFormat.Read(RecordFormat.Write(new SharedRecord(CacheOrder.Of(9, absent: true), 1_000, null, null)))!.Value;
        Assert.Null(absent.Value);
        Assert.Null(absent.Expires);
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                bytes[i] ^= (byte)(1 << bit);
                Assert.Null(RecordFormat.Read(bytes));
                bytes[i] ^= (byte)(1 << bit);
            }

            Assert.Null(RecordFormat.Read(bytes.AsMemory(0, i)));
        }
    }

    [Fact]
    public void What_cannot_be_read_as_a_message_means_that_anything_may_have_changed()
    {
        Assert.Equal(new RedisMessage("ab", 7, "a key"), RedisMessage.Read(RedisMessage.Write("ab", 7, "a key")));
        Assert.Equal(new RedisMessage("ab", -1, null), RedisMessage.Read(RedisMessage.Write("ab", -1, null)));
        foreach (var text in new[] { "", "x", "x y z", "x 99999999999999999999 k" }) Assert.Null(RedisMessage.Read(Encoding.UTF8.GetBytes(text)).Key);
    }

    private static RespValue One(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(new RespParser(1_000).TryRead(bytes, out var value, out var used));
        Assert.Equal(bytes.Length, used);
        return value;
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, 30)];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : "+-:$*%~>|#_,(=!0123456789\r\n"[random.Next(27)]);
        return bytes;
    }

    private static byte[] Changed(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(Replies[random.Next(Replies.Length)]);
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes[..random.Next(1, bytes.Length + 1)];
    }
}
