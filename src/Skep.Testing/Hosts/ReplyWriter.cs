using System.Net.Sockets;
using System.Text;
using Skep.Testing.Wire;

namespace Skep.Testing.Hosts;

/// <summary>
/// Writes an answer to a socket. Writes that follow each other without a wait between them go out together, up to <see cref="FlushBytes"/>: a model
/// that streams as fast as it can costs one system call for many frames. Each keeps its own chunk.
/// </summary>
internal sealed class ReplyWriter(Socket socket) : IDisposable
{
    private const int FlushBytes = 16 * 1024;
    private readonly MemoryStream _pending = new();
    private bool _isChunked;

    /// <inheritdoc />
    public void Dispose() => _pending.Dispose();

    /// <summary>Writes status and headers.</summary>
    public void Begin(WireHead head)
    {
        _isChunked = head.Length is null;
        var text = new StringBuilder();
        text.Append($"HTTP/1.1 {head.Status} {Reason(head.Status)}\r\ncontent-type: {head.ContentType}\r\n");
        text.Append(head.Length is { } length ? $"content-length: {length}\r\n" : "transfer-encoding: chunked\r\n");
        foreach (var (name, value) in head.Headers) text.Append($"{name}: {value}\r\n");
        _pending.Write(Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()));
    }

    /// <summary>Writes a part of the body.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        if (bytes.IsEmpty) return;
        if (_isChunked) _pending.Write(Encoding.Latin1.GetBytes($"{bytes.Length:x}\r\n"));
        _pending.Write(bytes.Span);
        if (_isChunked) _pending.Write("\r\n"u8);
        if (_pending.Length >= FlushBytes) await FlushAsync(stop);
    }

    /// <summary>Ends the body.</summary>
    public ValueTask EndAsync(CancellationToken stop)
    {
        if (_isChunked) _pending.Write("0\r\n\r\n"u8);
        return FlushAsync(stop);
    }

    /// <summary>Sends what is pending.</summary>
    public async ValueTask FlushAsync(CancellationToken stop)
    {
        var bytes = _pending.GetBuffer().AsMemory(0, (int)_pending.Length);
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stop)..];
        _pending.SetLength(0);
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    };
}
