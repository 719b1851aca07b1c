namespace Skep.Vectors.Filtering;

/// <summary>
/// Reads filters by recursive descent: <c>or</c> binds weakest, then <c>and</c>, then <c>not</c>. It knows no schema; <see cref="FilterBinder"/> checks fields and types.
/// </summary>
internal sealed class FilterParser
{
    private const string Operators = "a comparison (= != < <= > >=), 'in', 'between', 'has', 'starts' or 'exists'";

    private readonly string _source;
    private readonly FilterLexer _lexer;
    private Token _token;
    private int _nesting;
    private int _terms;

    private FilterParser(string source)
    {
        (_source, _lexer) = (source, new FilterLexer(source));
        _token = _lexer.Next();
    }

    public static Filter Parse(string source)
    {
        if (source.Length > FieldLimits.MaxFilterLength)
        {
            throw new VectorException(VectorFault.BadFilter, $"The filter has {source.Length} characters, and {FieldLimits.MaxFilterLength} are allowed: put what rows have in common into a field of its own.");
        }

        if (string.IsNullOrWhiteSpace(source))
        {
            throw new VectorException(VectorFault.BadFilter, "The filter is empty: leave it out to get all rows, or write a condition such as kind = \"note\".");
        }

        var parser = new FilterParser(source);
        var filter = parser.Any();
        if (parser._token.Kind != TokenKind.End)
        {
            throw parser.Expected("'and', 'or' or the end");
        }

        filter.Source = source;
        return filter;
    }

    private Filter Any()
    {
        List<Filter> parts = [All()];
        while (Took("or"))
        {
            parts.Add(All());
        }

        return parts.Count == 1 ? parts[0] : Bounded(AnyOf.Flat([.. parts]));
    }

    private Filter All()
    {
        List<Filter> parts = [Unary()];
        while (Took("and"))
        {
            parts.Add(Unary());
        }

        return parts.Count == 1 ? parts[0] : Bounded(AllOf.Flat([.. parts]));
    }

    private Filter Unary()
    {
        if (!Is("not") && _token.Kind != TokenKind.Open)
        {
            return Condition();
        }

        if (++_nesting > FieldLimits.MaxFilterDepth)
        {
            throw Deep();
        }

        var filter = Took("not") ? Bounded(new Negation(Unary())) : InParentheses();
        _nesting--;
        return filter;
    }

    private Filter InParentheses()
    {
        var open = Take();
        var inner = Any();
        if (_token.Kind != TokenKind.Close)
        {
            throw _token.Kind == TokenKind.End ? FilterError.At(_source, open.At, "this parenthesis is never closed; add ')'") : Expected("'and', 'or' or ')'");
        }

        Take();
        return inner;
    }

    private Filter Condition()
    {
        if (_token.Kind != TokenKind.Name)
        {
            throw Expected(_token.Kind == TokenKind.Keyword ? "a field, 'not' or '(' (a field with this name stands between backquotes)" : "a field, 'not' or '('");
        }

        var field = Take();
        var op = _token;
        Stretch[] at = [];
        Filter filter = op switch
        {
            { Kind: TokenKind.Sign } => Compare(field.Text, out at),
            { Kind: TokenKind.Keyword, Text: "in" } => In(field.Text, out at),
            { Kind: TokenKind.Keyword, Text: "between" } => Between(field.Text, out at),
            { Kind: TokenKind.Keyword, Text: "has" } => new Tagged(field.Text, TextAfter(out at)),
            { Kind: TokenKind.Keyword, Text: "starts" } => new Prefixed(field.Text, TextAfter(out at)),
            { Kind: TokenKind.Keyword, Text: "exists" } => Exists(field.Text),
            { Kind: TokenKind.End or TokenKind.Close } or { Kind: TokenKind.Keyword, Text: "and" or "or" } => new Compared(field.Text, Comparison.Equal, true),
            _ => throw Expected(Operators),
        };
        (filter.FieldAt, filter.OperatorAt, filter.ValuesAt) = (field.At, op.At, at);
        return filter;
    }

    private Compared Compare(string field, out Stretch[] at)
    {
        var how = Take().Text switch
        {
            "=" => Comparison.Equal,
            "!=" => Comparison.NotEqual,
            "<" => Comparison.Less,
            "<=" => Comparison.LessOrEqual,
            ">" => Comparison.Greater,
            _ => Comparison.GreaterOrEqual,
        };
        at = [_token.At];
        return new Compared(field, how, Value());
    }

    private OneOf In(string field, out Stretch[] at)
    {
        Take();
        Expect(TokenKind.Open, "'(' and the values");
        List<FieldValue> values = [];
        List<Stretch> places = [];
        do
        {
            places.Add(_token.At);
            values.Add(Value());
        }
        while (TookComma());

        Expect(TokenKind.Close, "',' or ')'");
        at = [.. places];
        return new OneOf(field, values.ToArray());
    }

    private Within Between(string field, out Stretch[] at)
    {
        Take();
        var first = _token.At;
        var least = Value();
        if (!Took("and"))
        {
            throw Expected("'and' and the upper bound");
        }

        at = [first, _token.At];
        return new Within(field, least, Value());
    }

    private Present Exists(string field)
    {
        Take();
        return new Present(field);
    }

    private FieldValue TextAfter(out Stretch[] at)
    {
        Take();
        at = [_token.At];
        return _token is { Kind: TokenKind.Value, Value.Type: FieldType.Text } ? Value() : throw Expected("a string between quotes");
    }

    private FieldValue Value()
    {
        if (_token.Kind != TokenKind.Value)
        {
            throw Expected(_token.Kind == TokenKind.Name ? "a value (strings stand between quotes)" : "a value: a string between quotes, a number, true, false or a time");
        }

        if (++_terms > FieldLimits.MaxFilterTerms)
        {
            throw FilterError.At(_source, _token.At, $"this is one value more than the {FieldLimits.MaxFilterTerms} that are allowed");
        }

        return Take().Value;
    }

    private Filter Bounded(Filter filter) =>
        filter.Depth > FieldLimits.MaxFilterDepth ? throw Deep()
        : filter.Terms > FieldLimits.MaxFilterTerms ? throw FilterError.At(_source, _token.At, $"there are more than the {FieldLimits.MaxFilterTerms} conditions that are allowed")
        : filter;

    private Token Take()
    {
        var taken = _token;
        _token = _lexer.Next();
        return taken;
    }

    private bool Is(string keyword) => _token.Kind == TokenKind.Keyword && _token.Text == keyword;

    private bool Took(string keyword)
    {
        var there = Is(keyword);
        if (there)
        {
            Take();
        }

        return there;
    }

    private bool TookComma()
    {
        var there = _token.Kind == TokenKind.Comma;
        if (there)
        {
            Take();
        }

        return there;
    }

    private void Expect(TokenKind kind, string what)
    {
        if (_token.Kind != kind)
        {
            throw Expected(what);
        }

        Take();
    }

    private VectorException Deep() => FilterError.At(_source, _token.At, $"conditions are nested deeper than the {FieldLimits.MaxFilterDepth} levels that are allowed");

    private VectorException Expected(string what) => FilterError.At(
        _source, _token.At, _token.Kind == TokenKind.End ? $"it ends where {what} was expected" : $"expected {what}, not '{FieldNames.Shorten(_source.Substring(_token.At.Start, _token.At.Length))}'");
}
