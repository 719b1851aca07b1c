namespace Skep.Plans.Expressions;

/// <summary>The syntax tree of an expression. Depth is bounded by <see cref="ExpressionLimits.MaxNodes"/>, so walking it by recursion is safe.</summary>
internal abstract record ExpressionNode(int Offset);

/// <summary>A constant.</summary>
internal sealed record LiteralNode(PlanValue Value, int Offset) : ExpressionNode(Offset);

/// <summary>A name with its members, such as <c>tasks.build.outputs.version</c>; the scope resolves it as a whole.</summary>
internal sealed record PathNode(IReadOnlyList<string> Path, int Offset) : ExpressionNode(Offset);

/// <summary>An element of a computed value: <c>list[0]</c>, <c>map[item]</c>, <c>list[0].name</c>.</summary>
internal sealed record IndexNode(ExpressionNode Target, ExpressionNode Index, int Offset) : ExpressionNode(Offset);

/// <summary>A function call.</summary>
internal sealed record CallNode(string Function, IReadOnlyList<ExpressionNode> Arguments, int Offset) : ExpressionNode(Offset);

/// <summary><c>not x</c> or <c>-x</c>.</summary>
internal sealed record UnaryNode(TokenKind Op, ExpressionNode Operand, int Offset) : ExpressionNode(Offset);

/// <summary>Two operands and an operator.</summary>
internal sealed record BinaryNode(TokenKind Op, ExpressionNode Left, ExpressionNode Right, int Offset) : ExpressionNode(Offset);
