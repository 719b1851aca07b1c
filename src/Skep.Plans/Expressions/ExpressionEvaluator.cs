namespace Skep.Plans;

/// <summary>Evaluates expressions and fills templates. Pure: values come from the scope alone.</summary>
public static class ExpressionEvaluator
{
    /// <summary>Evaluates one expression.</summary>
    /// <exception cref="ExpressionException">A name has no value, a type does not fit, or the syntax is wrong.</exception>
    public static PlanValue Evaluate(PlanExpression expression, IExpressionScope scope) => throw new NotSupportedException();

    /// <summary>Evaluates a condition: null, false, 0, empty text and empty collections are false.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Evaluate"/>.</exception>
    public static bool EvaluateCondition(PlanExpression expression, IExpressionScope scope) => throw new NotSupportedException();

    /// <summary>Replaces every <c>${…}</c> in a text by its value; <c>$${</c> stands for a literal <c>${</c>.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Evaluate"/>.</exception>
    public static string Interpolate(string template, IExpressionScope scope) => throw new NotSupportedException();

    /// <summary>The items of a <c>foreach</c> value: a list as it is, a JSON array in a text, or the non-empty lines of a text.</summary>
    /// <exception cref="ExpressionException">The value is none of these.</exception>
    public static IReadOnlyList<PlanValue> Items(PlanValue value) => throw new NotSupportedException();
}
