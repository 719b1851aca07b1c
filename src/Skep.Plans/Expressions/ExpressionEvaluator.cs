using System.Text;
using Skep.Plans.Expressions;

namespace Skep.Plans;

/// <summary>
/// Evaluates expressions and fills templates. Pure: values come from the scope alone.
/// <para>
/// The language: <c>or and not</c> (also <c>|| &amp;&amp; !</c>), <c>== != &lt; &lt;= &gt; &gt;=</c>, <c>+ - * /</c>, parentheses, texts in
/// single or double quotes, numbers, <c>true false null</c>, names with members (<c>tasks.build.outputs.version</c>,
/// <c>vars['a b']</c>, <c>item.files[0]</c>) and the functions len, default, contains, starts_with, ends_with, lower, upper, trim,
/// split, join, json, number and lines. After <c>memory.</c> everything up to white space or an operator is the key
/// (<c>memory.ns/key-1</c>). Members may hold dashes, so that subtraction after a name needs spaces.
/// </para>
/// </summary>
public static class ExpressionEvaluator
{
    /// <summary>Evaluates one expression.</summary>
    /// <exception cref="ExpressionException">A name has no value, a type does not fit, or the syntax is wrong.</exception>
    public static PlanValue Evaluate(PlanExpression expression, IExpressionScope scope)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(scope);
        return Evaluate(expression.Text, scope);
    }

    /// <summary>Evaluates a condition: null, false, 0, empty text and empty collections are false.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Evaluate(PlanExpression, IExpressionScope)"/>.</exception>
    public static bool EvaluateCondition(PlanExpression expression, IExpressionScope scope) => Operators.IsTrue(Evaluate(expression, scope));

    /// <summary>Replaces every <c>${…}</c> in a text by its value; <c>$${</c> stands for a literal <c>${</c>.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Evaluate(PlanExpression, IExpressionScope)"/>, or the text grows beyond <see cref="ExpressionLimits.MaxTextChars"/>.</exception>
    public static string Interpolate(string template, IExpressionScope scope)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(scope);
        if (!Template.MayHoldExpressions(template)) return template;
        var text = new StringBuilder();
        foreach (var part in Template.Split(template))
        {
            text.Append(part.IsExpression ? Evaluate(part.Text, scope).ToText() : part.Text);
            Functions.CheckText(text.Length);
        }

        return text.ToString();
    }

    /// <summary>The items of a <c>foreach</c> value: a list as it is, a JSON array in a text, or the non-empty lines of a text.</summary>
    /// <exception cref="ExpressionException">The value is none of these.</exception>
    public static IReadOnlyList<PlanValue> Items(PlanValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.AsList is { } list) return list;
        if (value.AsText is not { } text)
            throw new ExpressionException($"a fan-out needs a list, a JSON array or lines of text, not a {value.KindName}");
        return text.AsSpan().TrimStart() is ['[', ..] && TryJsonArray(text) is { } items ? items : Functions.Lines(text);
    }

    /// <summary>The paths that an expression uses, such as <c>[tasks, build, outputs, version]</c>, in order of appearance.</summary>
    /// <exception cref="ExpressionException">The syntax is wrong.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> References(PlanExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return [.. ReferenceWalk.Of(ExpressionCache.Parse(expression.Text)).Select(p => p.Path)];
    }

    /// <summary>The paths that all expressions of a template use, in order of appearance.</summary>
    /// <exception cref="ExpressionException">The syntax is wrong.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> TemplateReferences(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (!Template.MayHoldExpressions(template)) return [];
        return [.. Template.Split(template).Where(p => p.IsExpression)
            .SelectMany(p => ReferenceWalk.Of(ExpressionCache.Parse(p.Text))).Select(p => p.Path)];
    }

    /// <summary>A text that begins like an array but is none is read line by line, because file lists may begin with a bracket.</summary>
    private static IReadOnlyList<PlanValue>? TryJsonArray(string text)
    {
        try
        {
            return Functions.Json(text).AsList;
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    private static PlanValue Evaluate(string text, IExpressionScope scope)
    {
        try
        {
            return new Evaluator(scope).Value(ExpressionCache.Parse(text));
        }
        catch (MissingValueException e)
        {
            throw new ExpressionException($"in '{Functions.Shorten(text)}': {e.Message}");
        }
        catch (ExpressionException e)
        {
            throw new ExpressionException($"in '{Functions.Shorten(text)}': {e.Message}") { Offset = e.Offset };
        }
    }
}
