namespace Skep.Vectors.Filtering;

/// <summary>A field that waits for its condition; from <see cref="Filter.Where"/>. Whether the values fit the field's type is checked where the filter meets rows.</summary>
public readonly struct FieldCondition
{
    private readonly string _field;

    internal FieldCondition(string field) => _field = field;

    /// <summary>The field equals a value.</summary>
    /// <exception cref="VectorException">The value is missing, a set of tags, or out of its bounds.</exception>
    public Filter Is(FieldValue value) => Compare(Comparison.Equal, value);

    /// <summary>The field has a value, and another one.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter IsNot(FieldValue value) => Compare(Comparison.NotEqual, value);

    /// <summary>The field is less than a value; strings compare by their UTF-16 codes.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter Below(FieldValue value) => Compare(Comparison.Less, value);

    /// <summary>The field is less than a value or equals it.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter AtMost(FieldValue value) => Compare(Comparison.LessOrEqual, value);

    /// <summary>The field is greater than a value.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter Above(FieldValue value) => Compare(Comparison.Greater, value);

    /// <summary>The field is greater than a value or equals it.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter AtLeast(FieldValue value) => Compare(Comparison.GreaterOrEqual, value);

    /// <summary>The field lies between two values, both included.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter Between(FieldValue least, FieldValue most) => new Within(_field, Single(least), Single(most));

    /// <summary>The field is one of some values.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter In(params IEnumerable<FieldValue> values)
    {
        var field = _field;
        FieldValue[] all = [.. values.Select(v => Single(field, v))];
        return all.Length > 0 ? new OneOf(field, all).Bounded() : throw Bad(field, "'in' needs at least one value");
    }

    /// <summary>The set of tags has one.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter Has(string tag) => new Tagged(_field, Single(tag));

    /// <summary>The string starts with another, letter for letter.</summary>
    /// <inheritdoc cref="Is" path="/exception"/>
    public Filter StartsWith(string prefix) => new Prefixed(_field, Single(prefix));

    /// <summary>The row has the field.</summary>
    public Filter Exists() => new Present(_field);

    private static FieldValue Single(string field, FieldValue value) =>
        value.Fault() is { } fault ? throw Bad(field, fault)
        : value.Type is FieldType.None ? throw Bad(field, "nothing compares with a missing value; 'exists' asks whether there is one")
        : value.Type is FieldType.Tags ? throw Bad(field, "a set of tags is no single value; ask for one tag after the other with Has")
        : value;

    private static VectorException Bad(string field, string why) => new(VectorFault.BadFilter, $"The condition on '{field}' cannot be built: {why}.");

    private FieldValue Single(FieldValue value) => Single(_field, value);

    private Compared Compare(Comparison how, FieldValue value) => new(_field, how, Single(value));
}
