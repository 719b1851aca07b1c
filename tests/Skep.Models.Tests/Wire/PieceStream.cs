namespace Skep.Models.Tests.Wire;

/// <summary>How a stream ends.</summary>
internal enum StreamEnd
{
    Eof,
    Break,
    Silence,
}

/// <summary>Bytes that arrive in pieces of a given size, and an end.</summary>
internal sealed class PieceStream(byte[] bytes, int[] cuts, StreamEnd end) : Stream
{
    private int _at;
    private int _cut;

    /// <summary>Set when the reader waits for what never comes.</summary>
    public TaskCompletionSource Silent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Disposed { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static PieceStream Whole(string text, StreamEnd end = StreamEnd.Eof) => new(System.Text.Encoding.UTF8.GetBytes(text), [], end);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == bytes.Length) return await EndAsync(cancellationToken);
        var until = _cut < cuts.Length ? cuts[_cut] : bytes.Length;
        var count = Math.Min(until - _at, buffer.Length);
        bytes.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        if (_at == until) _cut++;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }

    private async Task<int> EndAsync(CancellationToken cancel)
    {
        if (end == StreamEnd.Break) throw new IOException("connection reset by peer");
        if (end == StreamEnd.Eof) return 0;
        var never = new TaskCompletionSource<int>();
        await using var registration = cancel.Register(() => never.TrySetCanceled(cancel));
        Silent.TrySetResult();
        return await never.Task;
    }
}
