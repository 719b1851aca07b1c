using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Skep.Orchestration.Output;

/// <summary>Turns bytes that arrive in pieces into valid UTF-8: what is none becomes U+FFFD. Text that is valid passes without being decoded.</summary>
internal sealed class Utf8Repair
{
    private const int LongestSequence = 4;

    private readonly byte[] _held = new byte[LongestSequence];
    private int _heldCount;

    /// <summary>Takes the next piece and calls back with valid text.</summary>
    public void Write(ReadOnlySpan<byte> piece, Action<ReadOnlySpan<byte>> output)
    {
        if (_heldCount > 0)
        {
            byte[] joined = [.. _held.AsSpan(0, _heldCount), .. piece];
            _heldCount = 0;
            piece = joined;
        }

        var complete = piece.Length - IncompleteTail(piece);
        piece[complete..].CopyTo(_held);
        _heldCount = piece.Length - complete;
        Emit(piece[..complete], output);
    }

    /// <summary>No more comes: what was held back is an incomplete character.</summary>
    public void Flush(Action<ReadOnlySpan<byte>> output)
    {
        Emit(_held.AsSpan(0, _heldCount), output);
        _heldCount = 0;
    }

    private static void Emit(ReadOnlySpan<byte> text, Action<ReadOnlySpan<byte>> output)
    {
        if (text.IsEmpty) return;
        output(Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
    }

    /// <summary>Length of a character that has begun at the end but needs more bytes.</summary>
    private static int IncompleteTail(ReadOnlySpan<byte> data)
    {
        for (var back = 1; back < LongestSequence && back <= data.Length; back++)
        {
            if ((data[^back] & 0xC0) == 0x80) continue;
            return Rune.DecodeFromUtf8(data[^back..], out _, out _) == OperationStatus.NeedMoreData ? back : 0;
        }

        return 0;
    }
}
