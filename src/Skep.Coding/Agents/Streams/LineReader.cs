using System.Buffers;
using System.Text;

namespace Skep.Coding.Agents;

/// <summary>Splits a stream into lines of bounded length.</summary>
internal static class LineReader
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Hands over each line; of one that is too long its beginning, and true. Returns at the end of the stream, or when it is given up.</summary>
    public static async Task ReadAsync(Stream stream, Func<string, bool, ValueTask> take, CancellationToken stop, int maxLine = CodingLimits.MaxLine)
    {
        var line = new ArrayBufferWriter<byte>();
        var cut = false;
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await ReadSomeAsync(stream, buffer, stop)) > 0)
        {
            for (var rest = buffer.AsMemory(0, count); rest.Length > 0;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                var piece = end < 0 ? rest : rest[..end];
                var room = Math.Min(piece.Length, maxLine - line.WrittenCount);
                line.Write(piece.Span[..room]);
                cut |= room < piece.Length;
                rest = end < 0 ? default : rest[(end + 1)..];
                if (end < 0) continue;
                await take(TextOf(line), cut);
                (line, cut) = (Emptied(line), false);
            }
        }

        if (line.WrittenCount > 0) await take(TextOf(line), cut);
    }

    private static async ValueTask<int> ReadSomeAsync(Stream stream, byte[] buffer, CancellationToken stop)
    {
        try
        {
            return await stream.ReadAsync(buffer, stop);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Given up, or the pipe is broken: either way no more comes.
            return 0;
        }
    }

    private static string TextOf(ArrayBufferWriter<byte> line) => Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');

    /// <summary>The memory of a very long line is given back.</summary>
    private static ArrayBufferWriter<byte> Emptied(ArrayBufferWriter<byte> line)
    {
        const int keep = 1024 * 1024;
        if (line.Capacity > keep) return new ArrayBufferWriter<byte>();
        line.ResetWrittenCount();
        return line;
    }
}
