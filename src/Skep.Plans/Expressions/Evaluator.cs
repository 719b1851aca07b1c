namespace Skep.Plans.Expressions;

/// <summary>Walks a syntax tree. One instance serves one evaluation.</summary>
internal readonly struct Evaluator(IExpressionScope scope)
{
    private readonly IExpressionScope _scope = scope;

    /// <summary>The value of a node.</summary>
    /// <exception cref="MissingValueException">A name has no value.</exception>
    /// <exception cref="ExpressionException">A type does not fit.</exception>
    public PlanValue Value(ExpressionNode node) => node switch
    {
        LiteralNode literal => literal.Value,
        PathNode path => _scope.Resolve(path.Path, out var missing) ?? throw new MissingValueException(Describe(path, missing)),
        IndexNode index => Element(Value(index.Target), Value(index.Index)),
        CallNode { Function: "default" } call => ValueOr(call.Arguments[0], call.Arguments[1]),
        CallNode call => Functions.Call(call.Function, Values(call.Arguments)),
        UnaryNode { Op: TokenKind.Not } not => PlanValue.Of(!Operators.IsTrue(Value(not.Operand))),
        UnaryNode minus => PlanValue.Of(-Operators.Number("-", Value(minus.Operand))),
        BinaryNode { Op: TokenKind.And } and => PlanValue.Of(Operators.IsTrue(Value(and.Left)) && Operators.IsTrue(Value(and.Right))),
        BinaryNode { Op: TokenKind.Or } or => PlanValue.Of(Operators.IsTrue(Value(or.Left)) || Operators.IsTrue(Value(or.Right))),
        BinaryNode binary => Operators.Apply(binary.Op, Value(binary.Left), Value(binary.Right)),
        _ => throw new ExpressionException($"'{node.GetType().Name}' cannot be evaluated"),
    };

    private PlanValue[] Values(IReadOnlyList<ExpressionNode> nodes)
    {
        var values = new PlanValue[nodes.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Value(nodes[i]);
        return values;
    }

    /// <summary><c>default(x, fallback)</c>: the fallback stands in for a missing or null value, and only then is it looked at.</summary>
    private PlanValue ValueOr(ExpressionNode node, ExpressionNode fallback)
    {
        PlanValue? value;
        if (node is PathNode path) value = _scope.Resolve(path.Path, out _);
        else value = ValueOrNull(node);
        return value is null || value.IsNull ? Value(fallback) : value;
    }

    private PlanValue? ValueOrNull(ExpressionNode node)
    {
        try
        {
            return Value(node);
        }
        catch (MissingValueException)
        {
            return null;
        }
    }

    private static PlanValue Element(PlanValue target, PlanValue index)
    {
        if (target.AsMap is { } map)
            return map.TryGetValue(index.ToText(), out var member) ? member : throw new MissingValueException($"the map has no member '{Functions.Shorten(index.ToText())}'");
        if (target.AsList is not { } list) throw new ExpressionException($"a {target.KindName} has no elements; [ ] and . look into lists and maps");
        if (!Operators.TryNumber(index, out var number) || number != Math.Floor(number))
            throw new ExpressionException($"'{Functions.Shorten(index.ToText())}' is no index of a list; use whole numbers from 0");
        var at = number < 0 ? number + list.Count : number;
        return at >= 0 && at < list.Count ? list[(int)at] : throw new MissingValueException($"index {number} is outside the list of {list.Count}");
    }

    private static string Describe(PathNode path, string? missing) => missing ?? $"'{string.Join('.', path.Path)}' has no value";
}

/// <summary>A name has no value. Kept apart from other errors because <c>default</c> forgives it; it never leaves the evaluator.</summary>
internal sealed class MissingValueException(string message) : Exception(message);
