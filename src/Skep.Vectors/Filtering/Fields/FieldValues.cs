using System.Collections;

namespace Skep.Vectors.Filtering;

/// <summary>
/// The metadata of one row: values by field name. A field that is set to null, to a missing value or to an empty set of tags is not there.
/// </summary>
/// <example><code>var row = new FieldValues { ["kind"] = "note", ["score"] = 0.7, ["tags"] = new[] { "urgent" } };</code></example>
public sealed class FieldValues : IEnumerable<KeyValuePair<string, FieldValue>>, IEquatable<FieldValues>
{
    // In the order of names, so that equal metadata is written as equal bytes.
    private readonly SortedList<string, FieldValue> _values = new(StringComparer.Ordinal);

    /// <summary>How many fields have a value.</summary>
    public int Count => _values.Count;

    /// <summary>The value of a field; a missing one where the row lacks it.</summary>
    public FieldValue this[string name]
    {
        get => _values.TryGetValue(name, out var value) ? value : default;
        set
        {
            if (value.Type == FieldType.None)
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    /// <summary>The fields that have a value, by name.</summary>
    public IEnumerator<KeyValuePair<string, FieldValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both hold the same values.</summary>
    public bool Equals(FieldValues? other) => other is not null && Count == other.Count && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldValues);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Count;

    /// <summary>The values as text, for people.</summary>
    public override string ToString() => string.Join(", ", _values.Select(v => $"{v.Key}: {v.Value}"));
}
