using System.Text;
using System.Text.Json;

namespace Skep.Plans.Expressions;

/// <summary>The functions of the expression language. All are pure.</summary>
internal static class Functions
{
    /// <summary>Function names with the number of their arguments.</summary>
    public static IReadOnlyDictionary<string, int> Arity { get; } = new SortedDictionary<string, int>(StringComparer.Ordinal)
    {
        ["contains"] = 2,
        ["default"] = 2,
        ["ends_with"] = 2,
        ["join"] = 2,
        ["json"] = 1,
        ["len"] = 1,
        ["lines"] = 1,
        ["lower"] = 1,
        ["number"] = 1,
        ["split"] = 2,
        ["starts_with"] = 2,
        ["trim"] = 1,
        ["upper"] = 1,
    };

    /// <summary>Checks name and number of arguments when an expression is parsed.</summary>
    /// <exception cref="ExpressionException">There is no such function, or it takes another number of arguments.</exception>
    public static void CheckCall(string name, int count, int offset)
    {
        if (!Arity.TryGetValue(name, out var wanted))
        {
            var hint = Suggestion.For(name, Arity.Keys) is { } known ? $"did you mean '{known}'?" : $"known are {string.Join(", ", Arity.Keys)}";
            throw new ExpressionException($"unknown function '{name}'; {hint}") { Offset = offset };
        }

        if (count != wanted)
            throw new ExpressionException($"'{name}' takes {wanted} {(wanted == 1 ? "argument" : "arguments")}, not {count}") { Offset = offset };
    }

    /// <summary>Calls a function (all but <c>default</c>, which the evaluator treats itself).</summary>
    /// <exception cref="ExpressionException">An argument has the wrong type.</exception>
    public static PlanValue Call(string name, IReadOnlyList<PlanValue> args) => name switch
    {
        "len" => PlanValue.Of((double)Length(args[0])),
        "contains" => PlanValue.Of(Contains(args[0], args[1])),
        "starts_with" => PlanValue.Of(Text(name, args[0]).StartsWith(Text(name, args[1]), StringComparison.Ordinal)),
        "ends_with" => PlanValue.Of(Text(name, args[0]).EndsWith(Text(name, args[1]), StringComparison.Ordinal)),
        "lower" => PlanValue.Of(Text(name, args[0]).ToLowerInvariant()),
        "upper" => PlanValue.Of(Text(name, args[0]).ToUpperInvariant()),
        "trim" => PlanValue.Of(Text(name, args[0]).Trim()),
        "split" => PlanValue.Of(Split(Text(name, args[0]), Text(name, args[1]))),
        "join" => PlanValue.Of(Join(args[0], Text(name, args[1]))),
        "json" => Json(Text(name, args[0])),
        "number" => PlanValue.Of(Number(args[0])),
        "lines" => PlanValue.Of(Lines(Text(name, args[0]))),
        _ => throw new ExpressionException($"unknown function '{name}'"),
    };

    /// <summary>The non-empty lines of a text.</summary>
    public static IReadOnlyList<PlanValue> Lines(string text)
    {
        var items = new List<PlanValue>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace()) continue;
            items.Add(PlanValue.Of(line.ToString()));
            CheckCount(items.Count);
        }

        return items;
    }

    /// <summary>Parses JSON.</summary>
    /// <exception cref="ExpressionException">It is none.</exception>
    public static PlanValue Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return PlanValue.FromJson(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ExpressionException($"the text is not JSON ({e.Message})");
        }
    }

    private static int Length(PlanValue value) =>
        value.AsText?.Length ?? value.AsList?.Count ?? value.AsMap?.Count
        ?? throw new ExpressionException($"'len' takes a text, a list or a map, not a {value.KindName}");

    private static bool Contains(PlanValue where, PlanValue what) => where switch
    {
        { AsText: { } text } => text.Contains(what.ToText(), StringComparison.Ordinal),
        { AsList: { } list } => list.Any(item => Operators.AreEqual(item, what)),
        { AsMap: { } map } => map.ContainsKey(what.ToText()),
        _ => throw new ExpressionException($"'contains' looks into a text, a list or a map, not a {where.KindName}"),
    };

    private static List<PlanValue> Split(string text, string separator)
    {
        if (separator.Length == 0) throw new ExpressionException("'split' needs a separator that is not empty");
        var items = new List<PlanValue>();
        var rest = text.AsSpan();
        for (var at = rest.IndexOf(separator); at >= 0; at = rest.IndexOf(separator))
        {
            items.Add(PlanValue.Of(rest[..at].ToString()));
            CheckCount(items.Count);
            rest = rest[(at + separator.Length)..];
        }

        items.Add(PlanValue.Of(rest.ToString()));
        return items;
    }

    private static string Join(PlanValue list, string separator)
    {
        var items = list.AsList ?? throw new ExpressionException($"'join' takes a list, not a {list.KindName}");
        var text = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(separator);
            text.Append(items[i].ToText());
            CheckText(text.Length);
        }

        return text.ToString();
    }

    private static double Number(PlanValue value) =>
        Operators.TryNumber(value, out var number) ? number : throw new ExpressionException($"'{Shorten(value.ToText())}' is not a number");

    private static string Text(string function, PlanValue value) =>
        value.AsText ?? (value.AsNumber is not null || value.AsBool is not null
            ? value.ToText()
            : throw new ExpressionException($"'{function}' takes a text, not a {value.KindName}"));

    internal static void CheckText(long length)
    {
        if (length > ExpressionLimits.MaxTextChars)
            throw new ExpressionException($"the text would have more than {ExpressionLimits.MaxTextChars:N0} characters");
    }

    private static void CheckCount(int count)
    {
        if (count > ExpressionLimits.MaxItems) throw new ExpressionException($"the list would have more than {ExpressionLimits.MaxItems:N0} items");
    }

    internal static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[56]) ? 56 : 57), "...");
}
