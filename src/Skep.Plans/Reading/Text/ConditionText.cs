using System.Globalization;

namespace Skep.Plans.Reading.Text;

/// <summary>Reads comparisons that stand in plans as text: <c>coverage &gt;= 85</c>, <c>memory &gt; 90% for 5m</c>.</summary>
internal ref struct ConditionText
{
    /// <summary>Symbols, two characters before one.</summary>
    private static readonly (string Symbol, Comparison Op)[] Ops =
    [
        ("<=", Comparison.AtMost), (">=", Comparison.AtLeast), ("==", Comparison.Equal), ("!=", Comparison.NotEqual),
        ("<", Comparison.Less), (">", Comparison.Greater), ("=", Comparison.Equal),
    ];

    private readonly string _text;
    private int _at;

    private ConditionText(string text) => _text = text;

    /// <summary>Whether a text is the name of a metric.</summary>
    public static bool IsMetricName(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text.Length <= 256 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.IndexOfAnyExcept(NameCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./[]");

    /// <summary>Reads <c>name op number</c>.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static MetricCheck Metric(string text)
    {
        var reader = new ConditionText(text);
        var check = reader.Check();
        var unit = reader.Word();
        if (unit == "%") throw new FormatException("a metric is compared with a number as it is reported; write 85 or 0.85 instead of a percentage");
        return unit.Length == 0 && reader.IsAtEnd ? check : throw new FormatException($"nothing may follow the number, but there is '{unit}{reader.Rest()}'");
    }

    /// <summary>Reads conditions separated by commas.</summary>
    /// <exception cref="FormatException">One of them is wrong; the message says why.</exception>
    public static IReadOnlyList<TriggerCondition> Trigger(string text)
    {
        var reader = new ConditionText(text);
        var conditions = new List<TriggerCondition>();
        do conditions.Add(reader.Condition());
        while (reader.Skip(','));
        return reader.IsAtEnd ? conditions : throw new FormatException($"expected ',' or the end but found '{reader.Rest()}'");
    }

    private bool IsAtEnd
    {
        get
        {
            SkipSpace();
            return _at >= _text.Length;
        }
    }

    private TriggerCondition Condition()
    {
        var check = Check();
        var unit = Word();
        var hold = TimeSpan.Zero;
        if (unit == "for") (unit, hold) = ("", Duration());
        else if (unit.Length > 0 && unit is not ("%" or "x")) throw new FormatException($"unknown unit '{unit}'; a threshold is a plain number, a percentage (90%) or a multiple of the baseline (10x)");
        else if (Word() is { Length: > 0 } word) hold = word == "for" ? Duration() : throw new FormatException($"expected 'for' and a duration but found '{word}'");
        return new TriggerCondition(check.Name, check.Op, check.Value, unit, hold);
    }

    private MetricCheck Check()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && NameCharacters.Contains(_text[_at])) _at++;
        var name = _text.AsSpan(start, _at - start);
        if (!IsMetricName(name)) throw new FormatException(name.IsEmpty ? "the name of a metric is missing; write for example 'coverage >= 85'" : $"'{name}' is no name of a metric");
        return new MetricCheck(name.ToString(), Operator(name), Number());
    }

    private Comparison Operator(ReadOnlySpan<char> name)
    {
        SkipSpace();
        foreach (var (symbol, op) in Ops)
        {
            if (!_text.AsSpan(_at).StartsWith(symbol)) continue;
            _at += symbol.Length;
            return op;
        }

        throw new FormatException($"a comparison must follow '{name}': < <= == != >= or > and a number");
    }

    private double Number()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or '-' or '+' || (_text[_at] is 'e' or 'E' && _at > start && char.IsAsciiDigit(_text[_at - 1])))) _at++;
        return double.TryParse(_text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"a number must follow the comparison, but there is '{_text[start..].Trim()}'");
    }

    private TimeSpan Duration()
    {
        var word = Word();
        return DurationText.TryParse(word, out var duration, out var problem) ? duration : throw new FormatException($"'{word}' is no duration: {problem}");
    }

    private string Word()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && _text[_at] != ',' && !char.IsWhiteSpace(_text[_at])) _at++;
        return _text[start.._at];
    }

    private bool Skip(char c)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    private string Rest() => _text[_at..].Trim();

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }
}
