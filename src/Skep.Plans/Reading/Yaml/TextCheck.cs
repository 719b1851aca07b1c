using System.Buffers;

namespace Skep.Plans.Reading.Yaml;

/// <summary>Looks at a text before it is parsed: size, and characters that no YAML text may hold.</summary>
internal static class TextCheck
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\n' or '\r')).Select(c => (char)c), '\u007F', '\uFFFE', '\uFFFF',
            .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>Reports what is wrong; false when there is no point in parsing.</summary>
    public static bool Check(string text, PlanLimits limits, DiagnosticBag bag, string what = "plan")
    {
        if (text.Length > limits.MaxChars)
            bag.Error(DiagnosticCodes.TooLarge, new SourceSpan(1, 1, 0), $"the {what} has {text.Length:N0} characters; at most {limits.MaxChars:N0} are allowed; {(what == "plan" ? "split it, or use 'foreach' for repeated tasks" : "move long texts into files that the agent reads")}");
        else if (text.AsSpan().IsWhiteSpace())
            bag.Error(DiagnosticCodes.Empty, new SourceSpan(1, 1, 0), what == "plan" ? "the file is empty; begin with 'plan: NAME' and add tasks" : "the file is empty; begin with a line '---' and 'name: NAME'");
        else if (FindBad(text) is var bad and >= 0)
            bag.Error(DiagnosticCodes.BadCharacter, SyntaxErrors.PositionOf(text, bad), $"the character U+{(int)text[bad]:X4} is not allowed in YAML; save the file as UTF-8 text (is it a binary file?)");
        return !bag.HasErrors;
    }

    private static int FindBad(string text)
    {
        var at = 0;
        while (true)
        {
            var next = text.AsSpan(at).IndexOfAny(Suspicious);
            if (next < 0) return -1;
            at += next;
            var isPair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            if (!isPair) return at;
            at += 2;
        }
    }
}
