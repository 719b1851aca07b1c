using System.Text;

namespace Skep.Orchestration;

/// <summary>Takes terminal control sequences (ECMA-48: colours, cursor movements, window titles, links) out of a text.</summary>
internal static class TerminalText
{
    private const char Escape = '\u001b';
    private const char Bell = '\u0007';
    private const char Csi = '\u009b';
    private const char Osc = '\u009d';

    /// <summary>Returns the text without sequences. One that is cut off takes what is left of its line with it.</summary>
    public static string Strip(string text)
    {
        if (text.AsSpan().IndexOfAny(Escape, Csi, Osc) < 0) return text;
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = Sequence(text.AsSpan(i));
            if (length == 0) kept.Append(text[i++]);
            else i += length;
        }

        return kept.ToString();
    }

    /// <summary>Length of the sequence that a text begins with, or 0.</summary>
    private static int Sequence(ReadOnlySpan<char> text)
    {
        if (text[0] == Csi) return 1 + Parameters(text[1..]);
        if (text[0] == Osc) return 1 + Words(text[1..]);
        if (text[0] != Escape) return 0;
        if (text.Length == 1) return 1;
        return text[1] switch
        {
            '[' => 2 + Parameters(text[2..]),
            ']' or 'P' or 'X' or '^' or '_' => 2 + Words(text[2..]),
            // Escape, any number of intermediates, one final character: such as the choice of a character set.
            >= ' ' and <= '/' => 2 + Intermediates(text[2..]),
            '\n' or '\r' => 1,
            _ => 2,
        };
    }

    private static int Parameters(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange(' ', '?');
        if (end < 0) return text.Length;
        return text[end] is >= '@' and <= '~' ? end + 1 : end;
    }

    private static int Intermediates(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange(' ', '/');
        return end < 0 ? text.Length : text[end] == '\n' ? end : end + 1;
    }

    private static int Words(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(Bell, Escape, '\n');
        if (end < 0) return text.Length;
        if (text[end] == '\n') return end;
        if (text[end] == Bell) return end + 1;
        return end + 1 < text.Length && text[end + 1] == '\\' ? end + 2 : end;
    }
}
