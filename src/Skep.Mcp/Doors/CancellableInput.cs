namespace Skep.Mcp;

/// <summary>
/// An input whose reads can be given up. Standard input cannot: a read of it blocks until somebody writes or closes, so that a signal would not end the
/// program. The read that was given up goes on into a buffer of our own, and the next one takes what it brings. For one reader at a time.
/// </summary>
internal sealed class CancellableInput(Stream inner) : Stream
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private Task<int>? _pending;
    private int _start;
    private int _end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            _pending ??= Task.Run(() => inner.Read(_buffer, 0, _buffer.Length), CancellationToken.None);
            var read = await _pending.WaitAsync(cancellationToken);
            (_pending, _start, _end) = (null, 0, read);
        }

        var taken = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, taken).CopyTo(buffer);
        _start += taken;
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // There is nothing to write.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
