using System.Text.Json;

namespace Skep.Plans;

/// <summary>A value of the plan language: null, boolean, number, text, list or map. Immutable; equality is by content.</summary>
public sealed class PlanValue : IEquatable<PlanValue>
{
    private readonly object? _value;

    private PlanValue(object? value) => _value = value;

    /// <summary>The null value.</summary>
    public static PlanValue Null { get; } = new(null);

    /// <summary>Makes a boolean.</summary>
    public static PlanValue Of(bool value) => new(value);

    /// <summary>Makes a number.</summary>
    public static PlanValue Of(double value) => new(value);

    /// <summary>Makes a text.</summary>
    public static PlanValue Of(string value) => new(value);

    /// <summary>Makes a list.</summary>
    public static PlanValue Of(IReadOnlyList<PlanValue> items) => new(items);

    /// <summary>Makes a map.</summary>
    public static PlanValue Of(IReadOnlyDictionary<string, PlanValue> members) => new(members);

    /// <summary>True for the null value.</summary>
    public bool IsNull => _value is null;

    /// <summary>The boolean, or null when it is none.</summary>
    public bool? AsBool => _value as bool?;

    /// <summary>The number, or null when it is none.</summary>
    public double? AsNumber => _value as double?;

    /// <summary>The text, or null when it is none.</summary>
    public string? AsText => _value as string;

    /// <summary>The items, or null when it is no list.</summary>
    public IReadOnlyList<PlanValue>? AsList => _value as IReadOnlyList<PlanValue>;

    /// <summary>The members, or null when it is no map.</summary>
    public IReadOnlyDictionary<string, PlanValue>? AsMap => _value as IReadOnlyDictionary<string, PlanValue>;

    /// <summary>What kind of value it is, in a word, for messages.</summary>
    public string KindName => _value switch
    {
        null => "null",
        bool => "boolean",
        double => "number",
        string => "text",
        IReadOnlyList<PlanValue> => "list",
        _ => "map",
    };

    /// <summary>The value as it stands in an argument or an environment variable: text as it is, lists and maps as JSON.</summary>
    public string ToText() => _value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        double d => NumberText(d),
        string s => s,
        _ => ToJson(),
    };

    /// <summary>The value as compact JSON.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(writer);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the value as JSON. Numbers that JSON lacks (NaN, infinities) become text.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (_value)
        {
            case null: writer.WriteNullValue(); break;
            case bool b: writer.WriteBooleanValue(b); break;
            case double d when double.IsFinite(d): writer.WriteRawValue(NumberText(d)); break;
            case double d: writer.WriteStringValue(NumberText(d)); break;
            case string s: writer.WriteStringValue(s); break;
            case IReadOnlyList<PlanValue> list:
                writer.WriteStartArray();
                foreach (var item in list) item.Write(writer);
                writer.WriteEndArray();
                break;
            case IReadOnlyDictionary<string, PlanValue> map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    value.Write(writer);
                }

                writer.WriteEndObject();
                break;
            default: throw new InvalidOperationException("a plan value of unknown kind");
        }
    }

    /// <summary>Reads JSON. Of members with the same name the last one wins, as in most readers.</summary>
    public static PlanValue FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Number => Of(element.GetDouble()),
        JsonValueKind.String => Of(element.GetString()!),
        JsonValueKind.Array => Of([.. element.EnumerateArray().Select(FromJson)]),
        JsonValueKind.Object => Of(Members(element)),
        _ => Null,
    };

    /// <inheritdoc />
    public bool Equals(PlanValue? other) => other is not null && (_value, other._value) switch
    {
        (IReadOnlyList<PlanValue> a, IReadOnlyList<PlanValue> b) => a.SequenceEqual(b),
        (IReadOnlyDictionary<string, PlanValue> a, IReadOnlyDictionary<string, PlanValue> b) =>
            a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var v) && v.Equals(p.Value)),
        var (a, b) => Equals(a, b),
    };

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PlanValue);

    /// <inheritdoc />
    public override int GetHashCode() => _value switch
    {
        IReadOnlyList<PlanValue> list => HashCode.Combine(1, list.Count),
        IReadOnlyDictionary<string, PlanValue> map => HashCode.Combine(2, map.Count),
        _ => _value?.GetHashCode() ?? 0,
    };

    /// <inheritdoc />
    public override string ToString() => ToText();

    private static Dictionary<string, PlanValue> Members(JsonElement element)
    {
        var members = new Dictionary<string, PlanValue>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject()) members[property.Name] = FromJson(property.Value);
        return members;
    }

    private static string NumberText(double d) => d.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
