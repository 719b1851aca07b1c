using System.Text;

namespace Skep.Orchestration.Output;

/// <summary>Keeps the last characters of a text that arrives in pieces of valid UTF-8.</summary>
internal sealed class OutputTail
{
    /// <summary>Bytes that are kept: enough for <see cref="AttemptResult.MaxLogTail"/> characters of any kind.</summary>
    public const int Capacity = AttemptResult.MaxLogTail * 4;

    /// <summary>Longest line of progress, in characters.</summary>
    public const int MaxProgressLine = 400;

    private byte[] _buffer = new byte[1024];
    private int _count;

    /// <summary>The kept bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(Math.Max(0, _count - Capacity), Math.Min(_count, Capacity));

    /// <summary>Adds a piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > Capacity) piece = piece[^Capacity..];
        MakeRoom(piece.Length);
        piece.CopyTo(_buffer.AsSpan(_count));
        _count += piece.Length;
    }

    /// <summary>The last <see cref="AttemptResult.MaxLogTail"/> characters.</summary>
    public string Text()
    {
        var text = Encoding.UTF8.GetString(WholeCharacters(Bytes));
        if (text.Length <= AttemptResult.MaxLogTail) return text;
        var start = text.Length - AttemptResult.MaxLogTail;
        return text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }

    /// <summary>The last line with something on it, without control characters; a carriage return ends a line too, as progress bars use it.</summary>
    public string LastLine()
    {
        var bytes = Bytes;
        while (!bytes.IsEmpty)
        {
            var end = bytes.LastIndexOfAny("\r\n"u8);
            var line = Clean(bytes[(end + 1)..]);
            if (line.Length > 0) return line;
            if (end < 0) break;
            bytes = bytes[..end];
        }

        return "";
    }

    private void MakeRoom(int length)
    {
        if (_count + length <= _buffer.Length) return;
        var keep = Math.Min(_count, Capacity);
        var kept = _buffer.AsSpan(_count - keep, keep);
        // Twice the capacity, so that moving the tail is paid for by as much new text.
        var target = keep + length > _buffer.Length ? new byte[Math.Min(2 * Capacity, Math.Max(2 * _buffer.Length, keep + length))] : _buffer;
        kept.CopyTo(target);
        _buffer = target;
        _count = keep;
    }

    private static string Clean(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxProgressLine * 4) line = line[..(MaxProgressLine * 4)];
        var text = string.Concat(Encoding.UTF8.GetString(WholeCharacters(line)).Where(c => !char.IsControl(c))).Trim();
        return text.Length <= MaxProgressLine ? text : string.Concat(text.AsSpan(0, MaxProgressLine - 1), "…");
    }

    /// <summary>Drops continuation bytes of a character whose beginning was cut off.</summary>
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var start = 0;
        while (start < bytes.Length && start < 3 && (bytes[start] & 0xC0) == 0x80) start++;
        return bytes[start..];
    }
}
