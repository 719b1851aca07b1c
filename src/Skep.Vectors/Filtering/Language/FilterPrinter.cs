using System.Globalization;
using System.Text;

namespace Skep.Vectors.Filtering;

/// <summary>Writes the canonical text: double quotes, small keywords, single spaces, UTC, and no more parentheses than needed.</summary>
internal static class FilterPrinter
{
    public static string Print(Filter filter)
    {
        var text = new StringBuilder();
        Write(text, filter);
        return text.ToString();
    }

    public static string Sign(Comparison how) => how switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        _ => ">=",
    };

    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\u007f' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    private static void Write(StringBuilder text, Filter filter)
    {
        switch (filter)
        {
            case AllOf all:
                Join(text, all.Parts, " and ", part => part is AnyOf);
                break;
            case AnyOf any:
                // 'and' binds closer by itself.
                Join(text, any.Parts, " or ", _ => false);
                break;
            case Negation not:
                text.Append("not ");
                Wrap(text, not.Inner, not.Inner is AllOf or AnyOf);
                break;
            default:
                text.Append(Condition(filter));
                break;
        }
    }

    private static void Join(StringBuilder text, IReadOnlyList<Filter> parts, string word, Func<Filter, bool> wrapped)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(i > 0 ? word : "");
            Wrap(text, parts[i], wrapped(parts[i]));
        }
    }

    private static void Wrap(StringBuilder text, Filter filter, bool wrapped)
    {
        text.Append(wrapped ? "(" : "");
        Write(text, filter);
        text.Append(wrapped ? ")" : "");
    }

    private static string Condition(Filter filter) => filter switch
    {
        Compared c => $"{FieldNames.Quote(c.Field)} {Sign(c.How)} {c.Value}",
        OneOf i => $"{FieldNames.Quote(i.Field)} in ({string.Join(", ", i.Values)})",
        Within w => $"{FieldNames.Quote(w.Field)} between {w.Least} and {w.Most}",
        Tagged t => $"{FieldNames.Quote(t.Field)} has {t.Tag}",
        Prefixed p => $"{FieldNames.Quote(p.Field)} starts {p.Prefix}",
        Present e => $"{FieldNames.Quote(e.Field)} exists",
        _ => throw new InvalidOperationException($"A filter of an unknown kind: {filter.GetType()}."),
    };
}
