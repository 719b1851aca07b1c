using System.Buffers;
using System.Text;

namespace Skep.Memory.Caching;

/// <summary>Writes commands as arrays of strings.</summary>
internal static class RespCommand
{
    internal static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    internal static ReadOnlyMemory<byte>[] Parts(params string[] parts) => [.. parts.Select(static p => (ReadOnlyMemory<byte>)Of(p))];

    internal static void Write(ArrayBufferWriter<byte> to, ReadOnlyMemory<byte>[] parts)
    {
        Head(to, '*', parts.Length);
        foreach (var part in parts)
        {
            Head(to, '$', part.Length);
            to.Write(part.Span);
            to.Write("\r\n"u8);
        }
    }

    private static void Head(ArrayBufferWriter<byte> to, char kind, int number)
    {
        var span = to.GetSpan(16);
        span[0] = (byte)kind;
        number.TryFormat(span[1..], out var digits);
        span[digits + 1] = (byte)'\r';
        span[digits + 2] = (byte)'\n';
        to.Advance(digits + 3);
    }
}
