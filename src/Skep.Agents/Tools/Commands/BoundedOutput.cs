using System.Buffers;
using System.Text;

namespace Skep.Agents.Tools;

/// <summary>The beginning and the end of what a program prints; what lies between is counted only.</summary>
internal sealed class BoundedOutput
{
    /// <summary>Bytes that are kept of the beginning, and of the end. Several times more than is shown: a secret that is cut apart is not recognised.</summary>
    public const int Kept = 256 * 1024;

    /// <summary>Characters that are shown of the beginning, and of the end.</summary>
    public const int Shown = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _head = new();
    private byte[]? _ring;
    private long _behindHead;

    /// <summary>Adds a piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        var first = (int)Math.Min(piece.Length, Kept - _head.WrittenCount);
        _head.Write(piece[..first]);
        if (first == piece.Length) return;
        _ring ??= new byte[Kept];
        foreach (var b in piece[first..]) _ring[_behindHead++ % Kept] = b;
    }

    /// <summary>The text, with secrets masked before it is cut.</summary>
    public string Text(Func<string, string> mask)
    {
        var head = Encoding.UTF8.GetString(_head.WrittenSpan);
        if (_ring is null) return Cut(mask(head));
        if (_behindHead <= Kept) return Cut(mask(head + Encoding.UTF8.GetString(_ring, 0, (int)_behindHead)));
        var start = (int)(_behindHead % Kept);
        var tail = mask(Encoding.UTF8.GetString([.. _ring.AsSpan(start), .. _ring.AsSpan(0, start)]));
        return $"{Head(mask(head))}\n[… much output left out …]\n{Tail(tail)}";
    }

    private static string Cut(string text) => text.Length <= 2 * Shown ? text : $"{Head(text)}\n[… {text.Length - (2 * Shown)} characters left out …]\n{Tail(text)}";

    private static string Head(string text) => text[..Math.Min(Shown, text.Length)];

    private static string Tail(string text) => text[Math.Max(0, text.Length - Shown)..];
}
