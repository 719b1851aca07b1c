using System.Net.Sockets;

namespace Skep.Orchestration;

/// <summary>Reads and writes the protocol's lines on a connected socket, bounded. Several requests may follow each other on one connection.</summary>
internal sealed class ControlConnection(Socket socket, int maxLine = ControlProtocol.MaxLine) : IDisposable
{
    private const int FirstBuffer = 4096;

    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <summary>Whether no line was returned because it is longer than may be.</summary>
    public bool LineTooLong { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null when the other side has closed, or the line is too long.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancel)
    {
        var looked = _start;
        while (true)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + at - _start);
                _start = looked + at + 1;
                return line;
            }

            var seen = _end - _start;
            if (!MakeRoom())
            {
                LineTooLong = true;
                return null;
            }

            looked = _start + seen;
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0) return null;
            _end += read;
        }
    }

    /// <summary>Completes when the other side has closed, or says more than is kept; what it says meanwhile is kept for the next line.</summary>
    public async Task UntilClosedAsync(CancellationToken cancel)
    {
        while (MakeRoom())
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0) return;
            _end += read;
        }
    }

    /// <summary>Writes one line.</summary>
    public async ValueTask WriteLineAsync(ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        var line = new byte[json.Length + 1];
        json.CopyTo(line);
        line[^1] = (byte)'\n';
        for (var sent = 0; sent < line.Length;)
            sent += await socket.SendAsync(line.AsMemory(sent), cancel);
    }

    /// <inheritdoc />
    public void Dispose() => socket.Dispose();

    /// <summary>Makes room behind what was read; false when the line has reached its bound.</summary>
    private bool MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end < _buffer.Length) return true;
        if (_buffer.Length >= maxLine) return false;
        Array.Resize(ref _buffer, Math.Min(maxLine, _buffer.Length * 2));
        return true;
    }
}
