using System.Buffers;

namespace Skep.Orchestration.Output;

/// <summary>
/// Masks secrets in a stream that arrives in pieces. Where a piece ends inside what may be a secret, the rest is held back until it is decided.
/// Secrets that overlap are masked as one: the end of the second would otherwise be left standing.
/// </summary>
internal sealed class MaskingStream(SecretMasker masker)
{
    private readonly ArrayBufferWriter<byte> _held = new();

    /// <summary>How many of the held bytes belong to a secret whose mask is written already.</summary>
    private int _covered;

    /// <summary>Takes the next piece and writes what is decided.</summary>
    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        if (masker.LongestPattern == 0)
        {
            output.Write(piece);
            return;
        }

        if (_held.WrittenCount == 0)
        {
            Hold(Scan(piece, output, final: false));
            return;
        }

        _held.Write(piece);
        var all = _held.WrittenSpan.ToArray();
        _held.ResetWrittenCount();
        Hold(Scan(all, output, final: false));
    }

    /// <summary>No more comes: writes what was held back.</summary>
    public void Flush(IBufferWriter<byte> output)
    {
        Scan(_held.WrittenSpan, output, final: true);
        _held.ResetWrittenCount();
        _covered = 0;
    }

    private void Hold(ReadOnlySpan<byte> rest) => _held.Write(rest);

    /// <summary>Writes the data with secrets masked, and returns the undecided end of it.</summary>
    private ReadOnlySpan<byte> Scan(ReadOnlySpan<byte> data, IBufferWriter<byte> output, bool final)
    {
        // Everything before `written` is written or covered by a mask; `at` is where the next secret may begin.
        int written = _covered, at = 0;
        _covered = 0;
        while (at < data.Length)
        {
            var next = masker.NextCandidate(data[at..]);
            if (next < 0) break;
            at += next;
            var length = masker.MatchAt(data[at..], out var mayGrow);
            if (mayGrow && !final)
            {
                Copy(data, ref written, at, output);
                _covered = Math.Max(0, written - at);
                return data[at..];
            }

            if (length > 0) Cover(data, ref written, at, length, output);
            at++;
        }

        Copy(data, ref written, data.Length, output);
        return [];
    }

    private static void Cover(ReadOnlySpan<byte> data, ref int written, int at, int length, IBufferWriter<byte> output)
    {
        if (at >= written)
        {
            Copy(data, ref written, at, output);
            output.Write("***"u8);
        }

        written = Math.Max(written, at + length);
    }

    private static void Copy(ReadOnlySpan<byte> data, ref int written, int end, IBufferWriter<byte> output)
    {
        if (written >= end) return;
        output.Write(data[written..end]);
        written = end;
    }
}
