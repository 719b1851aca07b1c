namespace Skep.Client.Door;

/// <summary>Cuts a stream of bytes into lines, each with its line feed, so that it can be passed on as it is.</summary>
internal sealed class LineReader(Stream input)
{
    /// <summary>Longest line, in bytes: the largest arguments that a tool takes (2 MiB), escaped in the longest way, and their surroundings.</summary>
    public const int MaxLine = 16 * 1024 * 1024;

    private const int FirstSize = 16 * 1024;
    private const byte LineFeed = (byte)'\n';

    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;

    /// <summary>The next line, or null at the end. A last line without its line feed gets one. Blocks until there is one.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLine"/>.</exception>
    public byte[]? Read()
    {
        var looked = _start;
        while (true)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf(LineFeed);
            if (at >= 0) return Take(looked + at + 1);
            looked = _end - _start;
            MakeRoom();
            looked += _start;
            var read = input.Read(_buffer, _end, _buffer.Length - _end);
            if (read > 0) _end += read;
            else return _start == _end ? null : [.. Take(_end), LineFeed];
        }
    }

    private byte[] Take(int end)
    {
        var line = _buffer.AsSpan(_start, end - _start).ToArray();
        _start = end;
        return line;
    }

    /// <summary>Moves what is left to the front, and doubles a buffer that is full.</summary>
    private void MakeRoom()
    {
        var kept = _end - _start;
        if (kept > MaxLine) throw new InvalidDataException($"a line is longer than {MaxLine} bytes; send less at once");
        if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
            (_start, _end) = (0, kept);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
