using System.Net.Sockets;

namespace Skep.Orchestration;

/// <summary>Reads and writes the protocol's lines, bounded.</summary>
internal static class ControlLine
{
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= ControlProtocol.MaxLine) return null;
                Array.Resize(ref buffer, Math.Min(ControlProtocol.MaxLine, buffer.Length * 2));
            }

            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (read == 0) return null;
            var end = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0) return buffer.AsMemory(0, length + end);
            length += read;
        }
    }

    public static async Task WriteAsync(Socket socket, byte[] json, CancellationToken cancel)
    {
        var line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        for (var sent = 0; sent < line.Length;)
            sent += await socket.SendAsync(line.AsMemory(sent), cancel);
    }
}
