namespace Skep.Vectors.Filtering;

/// <summary>A stretch of a filter's text.</summary>
internal readonly record struct Stretch(int Start, int Length);

/// <summary>How a value is compared.</summary>
internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A field beside one value: <c>score >= 0.5</c>.</summary>
internal sealed record Compared(string Field, Comparison How, FieldValue Value) : Filter;

/// <summary>A field that is one of some values: <c>lang in ("de", "en")</c>.</summary>
internal sealed record OneOf(string Field, IReadOnlyList<FieldValue> Values) : Filter
{
    internal override int Terms => Values.Count;

    public bool Equals(OneOf? other) => other is not null && Field == other.Field && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Field, Values.Count);
}

/// <summary>A field between two values, both included.</summary>
internal sealed record Within(string Field, FieldValue Least, FieldValue Most) : Filter;

/// <summary>A set of tags with one of them: <c>tags has "urgent"</c>.</summary>
internal sealed record Tagged(string Field, FieldValue Tag) : Filter;

/// <summary>A string that starts with another: <c>title starts "Re"</c>.</summary>
internal sealed record Prefixed(string Field, FieldValue Prefix) : Filter;

/// <summary>A field that has a value.</summary>
internal sealed record Present(string Field) : Filter;

/// <summary>What holds where a condition does not.</summary>
internal sealed record Negation(Filter Inner) : Filter
{
    internal override int Depth => Inner.Depth + 1;

    internal override int Terms => Inner.Terms;
}

/// <summary>Two or more conditions that hold together. Those of a nested one are taken up into it.</summary>
internal sealed record AllOf : Filter
{
    private AllOf(Filter[] parts) => (Parts, Depth, Terms) = (parts, 1 + parts.Max(p => p.Depth), parts.Sum(p => p.Terms));

    public IReadOnlyList<Filter> Parts { get; }

    internal override int Depth { get; }

    internal override int Terms { get; }

    public static Filter Of(params ReadOnlySpan<Filter> parts) => Flat(parts).Bounded();

    public static AllOf Flat(ReadOnlySpan<Filter> parts)
    {
        List<Filter> all = [];
        foreach (var part in parts)
        {
            all.AddRange(part is AllOf nested ? nested.Parts : [part]);
        }

        return new AllOf([.. all]);
    }

    public bool Equals(AllOf? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => HashCode.Combine(nameof(AllOf), Parts.Count);
}

/// <summary>Two or more conditions of which one holds.</summary>
internal sealed record AnyOf : Filter
{
    private AnyOf(Filter[] parts) => (Parts, Depth, Terms) = (parts, 1 + parts.Max(p => p.Depth), parts.Sum(p => p.Terms));

    public IReadOnlyList<Filter> Parts { get; }

    internal override int Depth { get; }

    internal override int Terms { get; }

    public static Filter Of(params ReadOnlySpan<Filter> parts) => Flat(parts).Bounded();

    public static AnyOf Flat(ReadOnlySpan<Filter> parts)
    {
        List<Filter> all = [];
        foreach (var part in parts)
        {
            all.AddRange(part is AnyOf nested ? nested.Parts : [part]);
        }

        return new AnyOf([.. all]);
    }

    public bool Equals(AnyOf? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => HashCode.Combine(nameof(AnyOf), Parts.Count);
}
