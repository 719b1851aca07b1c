namespace Skep.Plans;

/// <summary>An expression as it stands in a plan. It is checked when the plan is read and evaluated by <see cref="ExpressionEvaluator"/>.</summary>
/// <param name="Text">The text inside <c>${…}</c>, or a bare condition.</param>
/// <param name="At">Position.</param>
public sealed record PlanExpression(string Text, SourceSpan At = default);

/// <summary>Where an expression finds its values. A name that has none yields null and says why.</summary>
public interface IExpressionScope
{
    /// <summary>
    /// Resolves a path such as <c>vars.x</c>, <c>tasks.build.outputs.version</c>, <c>memory.ns/key</c>, <c>item</c>, <c>item.name</c>, <c>run.id</c>, <c>plan.dir</c>, <c>env.HOME</c>.
    /// <paramref name="path"/> holds the segments; for <c>memory</c> there are two, the second being the whole key.
    /// </summary>
    PlanValue? Resolve(IReadOnlyList<string> path, out string? missing);
}

/// <summary>An expression could not be evaluated; the message says which part and why.</summary>
public sealed class ExpressionException(string message) : Exception(message)
{
    /// <summary>For errors of syntax: where in the expression (or template) the error stands, counted from 0.</summary>
    public int? Offset { get; init; }
}
