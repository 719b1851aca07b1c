using System.Globalization;

namespace Skep.Vectors.Filtering;

/// <summary>One value of one field. The default value is a missing one.</summary>
public readonly struct FieldValue : IEquatable<FieldValue>
{
    private readonly object? _object;
    private readonly long _bits;

    private FieldValue(FieldType type, object? value, long bits) => (Type, _object, _bits) = (type, value, bits);

    /// <summary>What the value is; <see cref="FieldType.None"/> where it is missing.</summary>
    public FieldType Type { get; }

    /// <summary>The string.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public string AsText => Type == FieldType.Text ? (string)_object! : throw Other(FieldType.Text);

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public double AsNumber => Type == FieldType.Number ? BitConverter.Int64BitsToDouble(_bits) : throw Other(FieldType.Number);

    /// <summary>Whether it is true.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public bool AsFlag => Type == FieldType.Flag ? _bits != 0 : throw Other(FieldType.Flag);

    /// <summary>The instant in UTC ticks.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public long AsTicks => Type == FieldType.Time ? _bits : throw Other(FieldType.Time);

    /// <summary>The tags in ordinal order, each once.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public IReadOnlyList<string> AsTags => Type == FieldType.Tags ? (string[])_object! : throw Other(FieldType.Tags);

    internal ReadOnlySpan<string> TagSpan => (string[])_object!;

    /// <summary>A string; null is a missing value.</summary>
    public static FieldValue Text(string? value) => value is null ? default : new(FieldType.Text, value, 0);

    /// <summary>A number. Negative zero becomes zero.</summary>
    public static FieldValue Number(double value) => new(FieldType.Number, null, BitConverter.DoubleToInt64Bits(value + 0.0));

    /// <summary>True or false.</summary>
    public static FieldValue Flag(bool value) => new(FieldType.Flag, null, value ? 1 : 0);

    /// <summary>An instant; its offset is not kept.</summary>
    public static FieldValue Time(DateTimeOffset value) => new(FieldType.Time, null, value.UtcTicks);

    /// <summary>An instant in UTC ticks, from 0 to <c>DateTime.MaxValue.Ticks</c>.</summary>
    public static FieldValue Time(long utcTicks) => new(FieldType.Time, null, utcTicks);

    /// <summary>A set of tags. An empty set is a missing value.</summary>
    public static FieldValue Tags(params IEnumerable<string> tags)
    {
        var set = tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return set.Length == 0 ? default : new(FieldType.Tags, set, 0);
    }

    /// <summary>A string as a value.</summary>
    public static implicit operator FieldValue(string? value) => Text(value);

    /// <summary>A number as a value.</summary>
    public static implicit operator FieldValue(double value) => Number(value);

    /// <summary>A bool as a value.</summary>
    public static implicit operator FieldValue(bool value) => Flag(value);

    /// <summary>An instant as a value.</summary>
    public static implicit operator FieldValue(DateTimeOffset value) => Time(value);

    /// <summary>Tags as a value.</summary>
    public static implicit operator FieldValue(string[] tags) => Tags(tags);

    /// <summary>Whether both are the same value of the same type.</summary>
    public static bool operator ==(FieldValue left, FieldValue right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(FieldValue left, FieldValue right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(FieldValue other) => Type == other.Type && _bits == other._bits && Type switch
    {
        FieldType.Text => (string)_object! == (string)other._object!,
        FieldType.Tags => TagSpan.SequenceEqual(other.TagSpan),
        _ => true,
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FieldValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Type switch
    {
        FieldType.Text => StringComparer.Ordinal.GetHashCode((string)_object!),
        FieldType.Tags => TagSpan.Length,
        _ => HashCode.Combine(Type, _bits),
    };

    /// <summary>The value as expressions write it.</summary>
    public override string ToString() => Type switch
    {
        FieldType.Text => FilterPrinter.Quote(AsText),
        FieldType.Number => AsNumber.ToString("R", CultureInfo.InvariantCulture),
        FieldType.Flag => AsFlag ? "true" : "false",
        FieldType.Time => TimeText.Print(AsTicks),
        FieldType.Tags => $"[{string.Join(", ", AsTags.Select(FilterPrinter.Quote))}]",
        _ => "nothing",
    };

    /// <summary>What keeps the value from being stored or compared with, or nothing.</summary>
    internal string? Fault() => Type switch
    {
        FieldType.Text => FieldText.Fault(AsText),
        FieldType.Number when !double.IsFinite(AsNumber) => "only finite numbers can be kept, not NaN or infinity",
        FieldType.Time when (ulong)_bits > (ulong)DateTime.MaxValue.Ticks => $"{_bits} ticks are outside of the years 1 to 9999",
        FieldType.Tags => TagFault(),
        _ => null,
    };

    private string? TagFault()
    {
        if (TagSpan.Length > FieldLimits.MaxTags)
        {
            return $"it has {TagSpan.Length} tags, and {FieldLimits.MaxTags} are allowed";
        }

        foreach (var tag in TagSpan)
        {
            if (FieldText.Fault(tag) is { } fault)
            {
                return $"of the tag '{FieldNames.Shorten(tag)}': {fault}";
            }
        }

        return null;
    }

    private InvalidOperationException Other(FieldType wanted) => new($"The value is of type {Type.Name()}, not {wanted.Name()}: look at its Type first.");
}
