namespace Skep.Plans.Expressions;

/// <summary>
/// Recursive descent over the grammar, loosest first: <c>or</c>; <c>and</c>; <c>not</c>; one comparison; <c>+ -</c>; <c>* /</c>;
/// prefix minus; postfix <c>.name [index]</c>; operands. Depth and size are bounded, so hostile text cannot exhaust the stack.
/// </summary>
internal ref struct ExpressionParser
{
    private ExpressionLexer _lexer;
    private Token _token;
    private int _depth;
    private int _nodes;

    private ExpressionParser(string text)
    {
        _lexer = new ExpressionLexer(text);
        _token = _lexer.Next();
    }

    /// <summary>Parses an expression.</summary>
    /// <exception cref="ExpressionException">The syntax is wrong; <see cref="ExpressionException.Offset"/> says where.</exception>
    public static ExpressionNode Parse(string text)
    {
        if (text.Length > ExpressionLimits.MaxChars)
            throw new ExpressionException($"the expression has {text.Length:N0} characters; at most {ExpressionLimits.MaxChars:N0} are allowed") { Offset = 0 };
        var parser = new ExpressionParser(text);
        if (parser._token.Kind == TokenKind.End) throw Error("the expression is empty", 0);
        var node = parser.Or();
        return parser._token.Kind == TokenKind.End ? node : throw parser.Unexpected("an operator or the end of the expression");
    }

    private ExpressionNode Or()
    {
        var left = And();
        while (_token.Kind == TokenKind.Or) left = Binary(left, static (ref p) => p.And());
        return left;
    }

    private ExpressionNode And()
    {
        var left = Not();
        while (_token.Kind == TokenKind.And) left = Binary(left, static (ref p) => p.Not());
        return left;
    }

    private ExpressionNode Not()
    {
        if (_token.Kind != TokenKind.Not) return Comparison();
        Enter();
        var op = Advance();
        var node = Count(new UnaryNode(TokenKind.Not, Not(), op.Offset));
        _depth--;
        return node;
    }

    private ExpressionNode Comparison()
    {
        var left = Sum();
        if (!IsComparison(_token.Kind)) return left;
        var node = Binary(left, static (ref p) => p.Sum());
        return IsComparison(_token.Kind) ? throw Error("comparisons cannot be chained; join them with 'and'", _token.Offset) : node;
    }

    private static bool IsComparison(TokenKind kind) => kind is >= TokenKind.Equal and <= TokenKind.GreaterOrEqual;

    private ExpressionNode Sum()
    {
        var left = Product();
        while (_token.Kind is TokenKind.Plus or TokenKind.Minus) left = Binary(left, static (ref p) => p.Product());
        return left;
    }

    private ExpressionNode Product()
    {
        var left = Prefix();
        while (_token.Kind is TokenKind.Times or TokenKind.Divide) left = Binary(left, static (ref p) => p.Prefix());
        return left;
    }

    private ExpressionNode Prefix()
    {
        if (_token.Kind is not (TokenKind.Minus or TokenKind.Not)) return Postfix();
        Enter();
        var op = Advance();
        var node = Count(new UnaryNode(op.Kind, Prefix(), op.Offset));
        _depth--;
        return node;
    }

    private ExpressionNode Postfix()
    {
        var node = Operand();
        while (_token.Kind is TokenKind.Dot or TokenKind.OpenBracket)
        {
            var open = Advance();
            var index = open.Kind == TokenKind.Dot ? MemberName() : Bracketed();
            node = Extend(node, index, open.Offset);
        }

        return node;
    }

    /// <summary>A constant member of a name belongs to the path, so that the scope sees all of it; anything else is looked up in the value.</summary>
    private ExpressionNode Extend(ExpressionNode node, ExpressionNode index, int offset) =>
        node is PathNode path && !(path.Path[0] == "memory" && path.Path.Count == 2) && index is LiteralNode { Value.AsText: { } name }
            ? Count(new PathNode([.. path.Path, name], path.Offset))
            : Count(new IndexNode(node, index, offset));

    private LiteralNode MemberName()
    {
        if (_token.Kind is not (TokenKind.Name or TokenKind.MemoryKey)) throw Unexpected("a name after '.'");
        var name = Advance();
        return new LiteralNode(PlanValue.Of(name.Text), name.Offset);
    }

    private ExpressionNode Bracketed()
    {
        Enter();
        var index = Or();
        _depth--;
        Expect(TokenKind.CloseBracket, "']'");
        return index;
    }

    private ExpressionNode Operand()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Text: Advance(); return Count(new LiteralNode(PlanValue.Of(token.Text), token.Offset));
            case TokenKind.Number: Advance(); return Count(new LiteralNode(PlanValue.Of(token.Number), token.Offset));
            case TokenKind.True: Advance(); return Count(new LiteralNode(PlanValue.Of(true), token.Offset));
            case TokenKind.False: Advance(); return Count(new LiteralNode(PlanValue.Of(false), token.Offset));
            case TokenKind.Null: Advance(); return Count(new LiteralNode(PlanValue.Null, token.Offset));
            case TokenKind.Open: return Parenthesised();
            case TokenKind.Name:
                Advance();
                return _token.Kind == TokenKind.Open ? Call(token) : Count(new PathNode([token.Text], token.Offset));
            default: throw Unexpected("a value");
        }
    }

    private ExpressionNode Parenthesised()
    {
        Enter();
        Advance();
        var node = Or();
        _depth--;
        Expect(TokenKind.Close, "')'");
        return node;
    }

    private ExpressionNode Call(Token name)
    {
        Enter();
        Advance();
        var arguments = new List<ExpressionNode>();
        while (_token.Kind != TokenKind.Close)
        {
            arguments.Add(Or());
            if (_token.Kind != TokenKind.Comma) break;
            Advance();
        }

        _depth--;
        Expect(TokenKind.Close, "',' or ')'");
        Functions.CheckCall(name.Text, arguments.Count, name.Offset);
        return Count(new CallNode(name.Text, arguments, name.Offset));
    }

    private delegate ExpressionNode Rule(ref ExpressionParser parser);

    private ExpressionNode Binary(ExpressionNode left, Rule right)
    {
        var op = Advance();
        return Count(new BinaryNode(op.Kind, left, right(ref this), op.Offset));
    }

    private ExpressionNode Count(ExpressionNode node) => ++_nodes <= ExpressionLimits.MaxNodes
        ? node
        : throw Error($"the expression has more than {ExpressionLimits.MaxNodes:N0} parts", node.Offset);

    private void Enter()
    {
        if (++_depth > ExpressionLimits.MaxDepth) throw Error($"the expression is nested more than {ExpressionLimits.MaxDepth} levels deep", _token.Offset);
    }

    private Token Advance()
    {
        var token = _token;
        _token = _lexer.Next();
        return token;
    }

    private void Expect(TokenKind kind, string what)
    {
        if (_token.Kind != kind) throw Unexpected(what);
        Advance();
    }

    private readonly ExpressionException Unexpected(string expected) => _token.Kind == TokenKind.End
        ? Error($"the expression ends where {expected} is expected", _token.Offset)
        : Error($"expected {expected} but found {Shown(_token)}", _token.Offset);

    private static string Shown(Token token) => token.Kind == TokenKind.Text ? "a text" : $"'{token.Text}'";

    private static ExpressionException Error(string message, int offset) => new(message) { Offset = offset };
}
