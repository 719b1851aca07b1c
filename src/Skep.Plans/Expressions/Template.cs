using System.Text;

namespace Skep.Plans.Expressions;

/// <summary>A piece of a template: literal text, or the text inside one <c>${…}</c>.</summary>
/// <param name="Text">The literal (escapes resolved) or the expression.</param>
/// <param name="Offset">Where the literal, or the inside of the expression, begins in the template.</param>
/// <param name="IsExpression">Which of the two it is.</param>
internal readonly record struct TemplatePart(string Text, int Offset, bool IsExpression);

/// <summary>Cuts texts with <c>${…}</c> in them into parts; <c>$${</c> stands for a literal <c>${</c>.</summary>
internal static class Template
{
    /// <summary>Whether a text needs any work at all.</summary>
    public static bool MayHoldExpressions(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Cuts a text into parts.</summary>
    /// <exception cref="ExpressionException">A <c>${</c> is not closed.</exception>
    public static List<TemplatePart> Split(string text)
    {
        var parts = new List<TemplatePart>();
        var literal = new StringBuilder();
        int at = 0, literalStart = 0;
        while (at < text.Length)
        {
            var next = text.IndexOf("${", at, StringComparison.Ordinal);
            if (next < 0) break;
            literal.Append(text, at, next - at);
            if (next > at && text[next - 1] == '$')
            {
                literal.Append('{');
                at = next + 2;
                continue;
            }

            if (literal.Length > 0) parts.Add(new TemplatePart(literal.ToString(), literalStart, false));
            literal.Clear();
            var end = FindEnd(text, next);
            parts.Add(new TemplatePart(text[(next + 2)..end], next + 2, true));
            at = literalStart = end + 1;
        }

        literal.Append(text, at, text.Length - at);
        if (literal.Length > 0 || parts.Count == 0) parts.Add(new TemplatePart(literal.ToString(), literalStart, false));
        return parts;
    }

    /// <summary>The index of the brace that closes the <c>${</c> at <paramref name="start"/>. Braces inside text literals do not count.</summary>
    /// <exception cref="ExpressionException">There is none.</exception>
    public static int FindEnd(string text, int start)
    {
        var quote = '\0';
        for (var i = start + 2; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == '\\') i++;
                else if (c == quote) quote = '\0';
            }
            else if (c is '\'' or '"') quote = c;
            else if (c == '}') return i;
        }

        throw new ExpressionException("'${' is not closed; add '}', or write '$${' for a literal '${'") { Offset = start };
    }

    /// <summary>When the whole text is one <c>${…}</c>: the text inside.</summary>
    public static bool IsWhole(string text, out string inside)
    {
        inside = "";
        if (!text.StartsWith("${", StringComparison.Ordinal) || !text.EndsWith('}') || FindEndOrNone(text) != text.Length - 1) return false;
        inside = text[2..^1];
        return true;
    }

    private static int FindEndOrNone(string text)
    {
        try
        {
            return FindEnd(text, 0);
        }
        catch (ExpressionException)
        {
            return -1;
        }
    }
}
