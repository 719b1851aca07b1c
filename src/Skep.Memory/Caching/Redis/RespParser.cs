using System.Buffers.Text;

namespace Skep.Memory.Caching;

/// <summary>
/// Reads replies (RESP2 and RESP3) from the beginning of a buffer. Pure: it keeps nothing between calls. Lengths that a peer states are checked against bounds
/// before anything is made of them.
/// </summary>
/// <param name="maxBytes">Most bytes of a string.</param>
internal sealed class RespParser(int maxBytes)
{
    /// <summary>Most characters of a line.</summary>
    internal const int MaxLine = 4_096;

    /// <summary>Most elements of an array.</summary>
    internal const int MaxItems = 1_024;

    /// <summary>Deepest nesting.</summary>
    internal const int MaxDepth = 4;

    /// <summary>Reads one reply.</summary>
    /// <param name="buffer">What has arrived.</param>
    /// <param name="value">The reply.</param>
    /// <param name="used">Bytes that it took; when it is incomplete, how many there must be before it is worth to look again.</param>
    /// <returns>Whether it is complete.</returns>
    /// <exception cref="RespException">It is not a reply, or too large.</exception>
    internal bool TryRead(ReadOnlySpan<byte> buffer, out RespValue value, out int used)
    {
        used = 0;
        var read = ReadValue(buffer, ref used, 0);
        value = read ?? RespValue.Null;
        return read is not null;
    }

    private RespValue? ReadValue(ReadOnlySpan<byte> buffer, ref int at, int depth)
    {
        var start = at;
        if (!TryLine(buffer, ref at, out var line)) return null;
        if (line.IsEmpty) throw new RespException("Redis sent an empty line where a reply begins");
        var rest = line[1..];
        return (char)line[0] switch
        {
            '+' or ',' or '(' => new RespValue(RespKind.Text, Bytes: rest.ToArray()),
            '-' => new RespValue(RespKind.Error, Bytes: rest.ToArray()),
            ':' => new RespValue(RespKind.Integer, Number(rest)),
            '#' => new RespValue(RespKind.Integer, rest is [(byte)'t'] ? 1 : 0),
            '_' => RespValue.Null,
            '$' or '=' => ReadString(buffer, ref at, RespKind.Bytes, Number(rest)),
            '!' => ReadString(buffer, ref at, RespKind.Error, Number(rest)),
            '*' or '~' => ReadItems(buffer, ref at, RespKind.Array, Number(rest), depth),
            '%' => ReadItems(buffer, ref at, RespKind.Array, Doubled(Number(rest)), depth),
            '>' => ReadItems(buffer, ref at, RespKind.Push, Number(rest), depth),
            // Attributes say something about the reply that follows them; nothing here asks for that.
            '|' => depth < MaxDepth ? ReadItems(buffer, ref at, RespKind.Array, Doubled(Number(rest)), depth) is null ? null : ReadValue(buffer, ref at, depth + 1) : throw TooDeep(),
            _ => throw new RespException($"Redis sent a reply that begins with byte {line[0]} at offset {start}: is this a Redis?"),
        };
    }

    private RespValue? ReadString(ReadOnlySpan<byte> buffer, ref int at, RespKind kind, long length)
    {
        if (length == -1) return RespValue.Null;
        if (length < 0 || length > maxBytes) throw new RespException($"Redis sent a string of {length} bytes; at most {maxBytes} are taken");
        var end = at + (int)length;
        if (buffer.Length < end + 2)
        {
            at = end + 2;
            return null;
        }

        if (buffer[end] != '\r' || buffer[end + 1] != '\n') throw new RespException("Redis sent a string that does not end where it should");
        var bytes = buffer[at..end].ToArray();
        at = end + 2;
        return new RespValue(kind, Bytes: bytes);
    }

    private RespValue? ReadItems(ReadOnlySpan<byte> buffer, ref int at, RespKind kind, long count, int depth)
    {
        if (count == -1) return RespValue.Null;
        if (count is < 0 or > MaxItems) throw new RespException($"Redis sent an array of {count} elements; at most {MaxItems} are taken");
        if (depth >= MaxDepth) throw TooDeep();
        var items = new RespValue[count];
        for (var i = 0; i < items.Length; i++)
        {
            if (ReadValue(buffer, ref at, depth + 1) is not { } item) return null;
            items[i] = item;
        }

        return new RespValue(kind, Items: items);
    }

    private static bool TryLine(ReadOnlySpan<byte> buffer, ref int at, out ReadOnlySpan<byte> line)
    {
        var rest = at < buffer.Length ? buffer[at..] : default;
        var end = rest.IndexOf((byte)'\n');
        if ((end < 0 ? rest.Length : end) > MaxLine) throw new RespException($"Redis sent a line of more than {MaxLine} bytes");
        if (end < 0)
        {
            at = buffer.Length + 1;
            line = default;
            return false;
        }

        if (end == 0 || rest[end - 1] != '\r') throw new RespException("Redis sent a line that does not end in CR LF");
        line = rest[..(end - 1)];
        at += end + 1;
        return true;
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? number : throw new RespException("Redis sent something else where a number belongs");

    private static long Doubled(long pairs) => pairs is >= 0 and <= MaxItems ? pairs * 2 : pairs < 0 ? -2 : MaxItems + 1;

    private static RespException TooDeep() => new($"Redis sent a reply nested deeper than {MaxDepth}");
}
