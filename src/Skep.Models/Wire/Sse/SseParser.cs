using System.Buffers;

namespace Skep.Models.Wire.Sse;

/// <summary>A frame or a line of an event stream is longer than its bound.</summary>
internal sealed class FrameTooLongException(int maxBytes) : Exception($"a frame is longer than {maxBytes} bytes");

/// <summary>
/// Cuts the bytes of an event stream (text/event-stream) into frames, however they are cut up on their way. Knows no clock and no network: bytes are
/// put into <see cref="Space"/>, and taken out as frames. The buffers are pooled and belong to one stream.
/// </summary>
internal sealed class SseParser(int maxFrameBytes) : IDisposable
{
    private const int FirstBuffer = 4096;
    private const int MinSpace = 1024;
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private byte[] _data = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _scanned;
    private int _end;
    private int _dataLength;
    private bool _hasData;
    private bool _skipLineFeed;
    private bool _atBeginning = true;
    private bool _delivered;

    /// <summary>The data of the frame; valid until the next call of <see cref="TryRead"/>.</summary>
    public ReadOnlyMemory<byte> Data => _data.AsMemory(0, _dataLength);

    /// <summary>Whether the frame's event is called "error".</summary>
    public bool IsError { get; private set; }

    /// <summary>Where the next bytes go. Never empty.</summary>
    public Memory<byte> Space()
    {
        if (_start == _end) _start = _scanned = _end = 0;
        if (_buffer.Length - _end < MinSpace) MakeSpace();
        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were put into <see cref="Space"/>.</summary>
    public void Filled(int bytes) => _end += bytes;

    /// <summary>Reads on until a frame is complete.</summary>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="FrameTooLongException">The frame is longer than its bound.</exception>
    public bool TryRead()
    {
        if (_delivered) Forget();
        if (_atBeginning && !SkipMark()) return false;
        while (TryLine(out var line))
        {
            if (line.IsEmpty && _hasData) return _delivered = true;
            if (line.IsEmpty) Forget();
            else Field(line);
        }

        return false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<byte>.Shared.Return(_data);
        _buffer = _data = [];
        _start = _scanned = _end = _dataLength = 0;
    }

    private bool SkipMark()
    {
        var have = Math.Min(_end - _start, ByteOrderMark.Length);
        if (!ByteOrderMark.StartsWith(_buffer.AsSpan(_start, have))) _atBeginning = false;
        else if (have == ByteOrderMark.Length) (_atBeginning, _start, _scanned) = (false, _start + have, _start + have);
        return !_atBeginning;
    }

    private bool TryLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_skipLineFeed && _start < _end)
        {
            if (_buffer[_start] == '\n') _start++;
            _skipLineFeed = false;
            _scanned = Math.Max(_scanned, _start);
        }

        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\r', (byte)'\n');
        if (at < 0)
        {
            _scanned = _end;
            return _end - _start > maxFrameBytes ? throw new FrameTooLongException(maxFrameBytes) : false;
        }

        var end = _scanned + at;
        line = _buffer.AsSpan(_start, end - _start);
        _skipLineFeed = _buffer[end] == '\r';
        _start = _scanned = end + 1;
        return true;
    }

    // Comments, ids and retry times are nothing to us. "error:" as a field is what older llama.cpp servers say.
    private void Field(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (value.Length > 0 && value[0] == ' ') value = value[1..];

        if (name.SequenceEqual("data"u8)) Append(value);
        else if (name.SequenceEqual("event"u8)) IsError = value.SequenceEqual("error"u8);
        else if (name.SequenceEqual("error"u8))
        {
            IsError = true;
            Append(value);
        }
    }

    private void Append(ReadOnlySpan<byte> value)
    {
        var separator = _hasData ? 1 : 0;
        var length = _dataLength + separator + value.Length;
        if (length > maxFrameBytes) throw new FrameTooLongException(maxFrameBytes);
        if (length > _data.Length) Grow(ref _data, 0, _dataLength, length);
        if (separator == 1) _data[_dataLength] = (byte)'\n';
        value.CopyTo(_data.AsSpan(_dataLength + separator));
        _dataLength = length;
        _hasData = true;
    }

    private void Forget()
    {
        _dataLength = 0;
        _hasData = IsError = _delivered = false;
    }

    // Moves what is unread to the front if that helps; a buffer is only doubled for a line that does not fit.
    private void MakeSpace()
    {
        var unread = _end - _start;
        if (unread > _buffer.Length / 2) Grow(ref _buffer, _start, unread, _buffer.Length * 2);
        else _buffer.AsSpan(_start, unread).CopyTo(_buffer);
        (_scanned, _start, _end) = (_scanned - _start, 0, unread);
    }

    private static void Grow(ref byte[] array, int start, int length, int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(start, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
