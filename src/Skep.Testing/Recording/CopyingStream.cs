namespace Skep.Testing;

/// <summary>Reads from another stream and keeps a copy, which is handed over once: at the end, at an error, or when the reader leaves.</summary>
internal sealed class CopyingStream(Stream inner, int maxBytes, Action<ReadOnlyMemory<byte>, bool> done) : Stream
{
    private readonly MemoryStream _copy = new();
    private bool _isDone;

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
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            Keep(buffer.Span[..count], buffer.IsEmpty);
            return count;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            Done(isBroken: true);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            var read = inner.Read(buffer, offset, count);
            Keep(buffer.AsSpan(offset, read), count == 0);
            return read;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            Done(isBroken: true);
            throw;
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_isDone) Done(isBroken: !EndsWell());
            inner.Dispose();
            _copy.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> bytes, bool isProbe)
    {
        if (bytes.IsEmpty && !isProbe) Done(isBroken: false);
        if (_copy.Length + bytes.Length > maxBytes) throw new InvalidOperationException($"The answer is longer than the {maxBytes} bytes that a cassette takes; raise {nameof(CassetteOptions)}.{nameof(CassetteOptions.MaxBodyBytes)}.");
        if (!_isDone) _copy.Write(bytes);
    }

    /// <summary>Whether the last event of a stream was read: many readers stop there and do not wait for the end behind it.</summary>
    private bool EndsWell()
    {
        var end = _copy.GetBuffer().AsSpan(0, (int)_copy.Length).TrimEnd("\r\n"u8);
        return end.EndsWith("data: [DONE]"u8) || end.EndsWith("\"message_stop\"}"u8);
    }

    private void Done(bool isBroken)
    {
        if (_isDone) return;
        _isDone = true;
        done(_copy.ToArray(), isBroken);
    }
}
