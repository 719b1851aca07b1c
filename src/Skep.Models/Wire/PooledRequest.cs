using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Skep.Models.Wire;

/// <summary>A request's body in a pooled array, written once and given back when it has been sent.</summary>
internal sealed class PooledRequest : HttpContent, IBufferWriter<byte>
{
    private const int FirstBuffer = 4096;
    private byte[] _array = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _length;
    private int _sending;

    public PooledRequest() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

    /// <summary>Nothing but what JSON demands is escaped: shorter, and readable in the golden files of the tests.</summary>
    public static JsonWriterOptions JsonOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is written.</summary>
    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Interlocked.Increment(ref _sending);
        await stream.WriteAsync(_array.AsMemory(0, _length));
        Interlocked.Decrement(ref _sending);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sending);
        await stream.WriteAsync(_array.AsMemory(0, _length), cancellationToken);
        Interlocked.Decrement(ref _sending);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    // A provider may answer before it has read everything. An array that is still being sent, or whose sending failed, must not serve somebody else:
    // it is left to the garbage collector.
    protected override void Dispose(bool disposing)
    {
        if (disposing && _array.Length > 0)
        {
            if (Volatile.Read(ref _sending) == 0) ArrayPool<byte>.Shared.Return(_array);
            (_array, _length) = ([], 0);
        }

        base.Dispose(disposing);
    }

    private void Reserve(int sizeHint)
    {
        var needed = _length + Math.Max(1, sizeHint);
        if (needed <= _array.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _array.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
