using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Skep.Testing.Wire;

namespace Skep.Testing.Hosts;

/// <summary>Reads HTTP/1.1 requests from a socket within bounds.</summary>
internal sealed class RequestReader(Socket socket, ScriptedModelServerOptions options)
{
    private const int FirstBuffer = 4096;
    private const int LongestChunkLine = 256;
    private const int MostDrainedBytes = 1 << 20;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <summary>The next request; null when the client closed the connection between two.</summary>
    /// <exception cref="HttpProblem">It is no HTTP, or too large.</exception>
    public async ValueTask<ReadRequest?> ReadAsync(CancellationToken stop)
    {
        if (await ReadHeadAsync(stop) is not { } head) return null;
        var (method, path, headers, isOld) = RequestHead.Parse(head);
        var isChunked = headers.GetValueOrDefault("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;
        var length = Length(headers, isChunked);
        if (headers.GetValueOrDefault("Expect")?.Equals("100-continue", StringComparison.OrdinalIgnoreCase) == true && _start == _end)
            await SendContinueAsync(stop);
        var body = isChunked ? await ReadChunksAsync(stop) : await ReadExactlyAsync(length, stop);
        var connection = headers.GetValueOrDefault("Connection") ?? "";
        var keepAlive = isOld ? connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase) : !connection.Contains("close", StringComparison.OrdinalIgnoreCase);
        return new ReadRequest(new WireRequest(method, path, headers, body), keepAlive);
    }

    /// <summary>Reads on for a while after a refusal, so that closing does not reset the connection before the client has read why.</summary>
    public async ValueTask DrainAsync(CancellationToken stop)
    {
        for (var read = 0; read < MostDrainedBytes;)
        {
            var count = await socket.ReceiveAsync(_buffer, SocketFlags.None, stop);
            if (count == 0) return;
            read += count;
        }
    }

    private int Length(Dictionary<string, string> headers, bool isChunked)
    {
        if (isChunked || !headers.TryGetValue("Content-Length", out var text)) return 0;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) throw new HttpProblem(400, "content-length is not a number");
        return length <= options.MaxBodyBytes ? (int)length : throw TooLarge();
    }

    private async ValueTask<string?> ReadHeadAsync(CancellationToken stop)
    {
        var searched = 0;
        while (true)
        {
            if (TakeUntil("\r\n\r\n"u8, searched) is { } head) return head;
            var unread = _end - _start;
            searched = Math.Max(0, unread - 3);
            if (unread > options.MaxHeadBytes) throw new HttpProblem(431, $"the request has more than {options.MaxHeadBytes} bytes of headers");
            if (!await FillAsync(stop)) return unread == 0 ? null : throw new HttpProblem(400, "the request ends within its headers");
        }
    }

    private async ValueTask<byte[]> ReadExactlyAsync(int length, CancellationToken stop)
    {
        var body = new byte[length];
        var have = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, have).CopyTo(body);
        _start += have;
        while (have < length)
        {
            var count = await socket.ReceiveAsync(body.AsMemory(have), SocketFlags.None, stop);
            if (count == 0) throw new HttpProblem(400, "the request ends within its body");
            have += count;
        }

        return body;
    }

    private async ValueTask<byte[]> ReadChunksAsync(CancellationToken stop)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(stop);
            if (!int.TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0)
                throw new HttpProblem(400, "a chunk has no length");
            if (body.Length + size > options.MaxBodyBytes) throw TooLarge();
            if (size == 0) break;
            body.Write(await ReadExactlyAsync(size, stop));
            if ((await ReadLineAsync(stop)).Length > 0) throw new HttpProblem(400, "a chunk is longer than it says");
        }

        while ((await ReadLineAsync(stop)).Length > 0)
        {
            // Trailers say nothing here.
        }

        return body.ToArray();
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken stop)
    {
        while (true)
        {
            if (TakeUntil("\r\n"u8, 0) is { } line) return line;
            if (_end - _start > LongestChunkLine) throw new HttpProblem(400, "a chunk has no length");
            if (!await FillAsync(stop)) throw new HttpProblem(400, "the request ends within its body");
        }
    }

    /// <summary>What has been read up to a mark, which is taken, too; null when the mark has not come.</summary>
    private string? TakeUntil(ReadOnlySpan<byte> mark, int searched)
    {
        var unread = _buffer.AsSpan(_start, _end - _start);
        var at = unread[searched..].IndexOf(mark);
        if (at < 0) return null;
        _start += searched + at + mark.Length;
        return Encoding.Latin1.GetString(unread[..(searched + at)]);
    }

    /// <summary>Reads more. False at the end.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (_start == _end) (_start, _end) = (0, 0);
        if (_end == _buffer.Length)
        {
            var bigger = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
            _buffer.AsSpan(_start, _end - _start).CopyTo(bigger);
            (_buffer, _start, _end) = (bigger, 0, _end - _start);
        }

        var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, stop);
        _end += count;
        return count > 0;
    }

    private async ValueTask SendContinueAsync(CancellationToken stop) => await socket.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), SocketFlags.None, stop);

    private HttpProblem TooLarge() => new(413, $"the body has more than {options.MaxBodyBytes} bytes");
}

/// <summary>A request that was read.</summary>
/// <param name="Request">The request.</param>
/// <param name="KeepAlive">Whether another may follow.</param>
internal sealed record ReadRequest(WireRequest Request, bool KeepAlive);
