using System.Globalization;

namespace Skep.Plans.Expressions;

/// <summary>
/// What the operators mean. A number compared with a numeric text compares as numbers, and a boolean with <c>true</c> or <c>false</c>
/// as booleans, because outputs of tasks are texts. Two texts compare by their characters.
/// </summary>
internal static class Operators
{
    /// <summary>Applies an operator to two values (all but <c>and</c> and <c>or</c>, which may not look at the second).</summary>
    /// <exception cref="ExpressionException">The types do not fit.</exception>
    public static PlanValue Apply(TokenKind op, PlanValue left, PlanValue right) => op switch
    {
        TokenKind.Equal => PlanValue.Of(AreEqual(left, right)),
        TokenKind.NotEqual => PlanValue.Of(!AreEqual(left, right)),
        TokenKind.Less => PlanValue.Of(Compare(left, right) is < 0),
        TokenKind.LessOrEqual => PlanValue.Of(Compare(left, right) is <= 0),
        TokenKind.Greater => PlanValue.Of(Compare(left, right) is > 0),
        TokenKind.GreaterOrEqual => PlanValue.Of(Compare(left, right) is >= 0),
        TokenKind.Plus => Add(left, right),
        TokenKind.Minus => PlanValue.Of(Number("-", left) - Number("-", right)),
        TokenKind.Times => PlanValue.Of(Number("*", left) * Number("*", right)),
        TokenKind.Divide => PlanValue.Of(Divide(Number("/", left), Number("/", right))),
        _ => throw new ExpressionException($"'{op}' is no operator"),
    };

    /// <summary>Whether two values are equal in the language's sense.</summary>
    public static bool AreEqual(PlanValue left, PlanValue right)
    {
        if (left.AsNumber is not null || right.AsNumber is not null)
            return TryNumber(left, out var a) && TryNumber(right, out var b) && a.Equals(b);
        if (left.AsBool is { } l && right.AsText is { } rt) return rt == (l ? "true" : "false");
        if (right.AsBool is { } r && left.AsText is { } lt) return lt == (r ? "true" : "false");
        return left.Equals(right);
    }

    /// <summary>Whether a value counts as true: all but null, false, 0, empty text and empty collections.</summary>
    public static bool IsTrue(PlanValue value) => value switch
    {
        { AsBool: { } b } => b,
        { AsNumber: { } n } => n is not 0 && !double.IsNaN(n),
        { AsText: { } s } => s.Length > 0,
        { AsList: { } list } => list.Count > 0,
        { AsMap: { } map } => map.Count > 0,
        _ => false,
    };

    /// <summary>A number, or a text that is one.</summary>
    public static bool TryNumber(PlanValue value, out double number)
    {
        number = value.AsNumber ?? 0;
        return value.AsNumber is not null
            || (value.AsText is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number));
    }

    /// <summary>A number, for arithmetic.</summary>
    /// <exception cref="ExpressionException">The value is none.</exception>
    public static double Number(string op, PlanValue value) =>
        TryNumber(value, out var number) ? number : throw new ExpressionException($"'{op}' needs numbers, not {Shown(value)}");

    private static int? Compare(PlanValue left, PlanValue right)
    {
        if (left.AsText is { } a && right.AsText is { } b) return string.CompareOrdinal(a, b);
        if ((left.AsNumber is null && right.AsNumber is null) || !TryNumber(left, out var x) || !TryNumber(right, out var y))
            throw new ExpressionException($"cannot order {Shown(left)} and {Shown(right)}; compare two numbers or two texts");
        return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
    }

    private static PlanValue Add(PlanValue left, PlanValue right)
    {
        if (left.AsNumber is { } a && right.AsNumber is { } b) return PlanValue.Of(a + b);
        if (left.AsText is { } x && right.AsText is { } y)
        {
            Functions.CheckText((long)x.Length + y.Length);
            return PlanValue.Of(x + y);
        }

        throw new ExpressionException($"'+' adds two numbers or joins two texts, not {Shown(left)} and {Shown(right)}; use number(x), or write the parts as a template");
    }

    private static double Divide(double left, double right) => right is not 0 ? left / right : throw new ExpressionException("division by zero");

    private static string Shown(PlanValue value) => value switch
    {
        { AsText: { } text } => $"the text '{Functions.Shorten(text)}'",
        { AsNumber: not null } => $"the number {value.ToText()}",
        { IsNull: true } => "null",
        _ => $"a {value.KindName}",
    };
}
