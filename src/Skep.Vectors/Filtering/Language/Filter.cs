namespace Skep.Vectors.Filtering;

/// <summary>
/// A condition on the metadata of rows. Read one from text with <see cref="Parse"/>, or build it with <see cref="Where"/>, <c>&amp;</c>, <c>|</c> and <c>!</c>.
/// A comparison with a missing value is false, whatever the comparison; <c>not</c> turns what it stands before, and so is true there.
/// </summary>
/// <example><code>var filter = Filter.Where("kind").Is("note") &amp; (Filter.Where("score").AtLeast(0.5) | Filter.Where("tags").Has("urgent"));</code></example>
public abstract record Filter
{
    private string? _text;

    private protected Filter()
    {
    }

    /// <summary>The text that the filter was read from, at its root.</summary>
    internal string? Source { get; set; }

    /// <summary>Where the field stands in the source.</summary>
    internal Stretch FieldAt { get; set; }

    /// <summary>Where the operator stands in the source.</summary>
    internal Stretch OperatorAt { get; set; }

    /// <summary>Where the values stand in the source.</summary>
    internal Stretch[] ValuesAt { get; set; } = [];

    /// <summary>Levels of the tree below and with this one.</summary>
    internal virtual int Depth => 1;

    /// <summary>Conditions and values in the tree.</summary>
    internal virtual int Terms => 1;

    /// <summary>Reads a filter.</summary>
    /// <param name="text">Such as <c>kind = "note" and score &gt;= 0.5</c>; at most <see cref="FieldLimits.MaxFilterLength"/> characters. The grammar is in docs/filters.md.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.BadFilter"/>: the message shows where the text cannot be read and what would be right.</exception>
    public static Filter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FilterParser.Parse(text);
    }

    /// <summary>Starts a condition on a field.</summary>
    /// <param name="field">The field's name.</param>
    /// <exception cref="VectorException">No field can have that name.</exception>
    public static FieldCondition Where(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        FieldNames.Check(field);
        return new FieldCondition(field);
    }

    /// <summary>Rows that satisfy both.</summary>
    public static Filter operator &(Filter left, Filter right) => AllOf.Of(left, right);

    /// <summary>Rows that satisfy at least one of them.</summary>
    public static Filter operator |(Filter left, Filter right) => AnyOf.Of(left, right);

    /// <summary>Rows that do not satisfy it, those without the field among them.</summary>
    public static Filter operator !(Filter filter) => new Negation(filter).Bounded();

    /// <summary>Compares conditions, wherever their texts had them.</summary>
    public virtual bool Equals(Filter? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>The canonical text: filters that are equal have the same, and reading it gives an equal filter.</summary>
    public sealed override string ToString() => _text ??= FilterPrinter.Print(this);

    /// <summary>Refuses a tree that is too deep or too large.</summary>
    internal Filter Bounded() =>
        Depth > FieldLimits.MaxFilterDepth ? throw Large($"{Depth} levels deep, and {FieldLimits.MaxFilterDepth} are allowed")
        : Terms > FieldLimits.MaxFilterTerms ? throw Large($"made of {Terms} conditions and values, and {FieldLimits.MaxFilterTerms} are allowed")
        : this;

    private static VectorException Large(string how) => new(VectorFault.BadFilter, $"The filter is {how}. Put what rows have in common into a field of its own.");
}
