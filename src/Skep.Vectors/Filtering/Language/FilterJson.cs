using System.Text.Json;

namespace Skep.Vectors.Filtering;

/// <summary>
/// Reads filters from JSON objects in the manner of document databases: <c>{"kind": "note", "score": {"$gte": 0.5}}</c>. Members hold together. The rule of
/// missing values is this library's: <c>$ne</c> is false where the field is missing. Faults name the place by its path.
/// </summary>
public static class FilterJson
{
    private const string Begin = "The filter cannot be used at ";
    private const string Operators = "$eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $has, $starts, $exists or $not";

    /// <summary>Reads a filter.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.BadFilter"/>: the object is no filter; the message names where.</exception>
    public static Filter Read(JsonElement json)
    {
        try
        {
            return Object(json, "$", 1);
        }
        catch (InvalidOperationException)
        {
            // What the reader of JSON throws for a name that is no text.
            throw Bad("$", "a member's name holds half of a surrogate pair, which is no text");
        }
    }

    private static Filter Object(JsonElement json, string path, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Bad(path, $"expected an object such as {{\"kind\": \"note\"}}, not {Shown(json)}");
        }

        if (depth > FieldLimits.MaxFilterDepth)
        {
            throw Bad(path, $"conditions are nested deeper than the {FieldLimits.MaxFilterDepth} levels that are allowed");
        }

        return Joined([.. json.EnumerateObject().Select(m => Member(m, $"{path}.{FieldNames.Shorten(m.Name)}", depth + 1))], path, AllOf.Of);
    }

    private static Filter Member(JsonProperty member, string path, int depth) => member.Name switch
    {
        "$and" => Joined(Items(member.Value, path, depth), path, AllOf.Of),
        "$or" => Joined(Items(member.Value, path, depth), path, AnyOf.Of),
        "$not" => !Object(member.Value, path, depth),
        ['$', ..] => throw Bad(path, "expected a field, $and, $or or $not"),
        _ => Field(member, path, depth),
    };

    private static Filter Field(JsonProperty member, string path, int depth)
    {
        var where = At(path, () => Filter.Where(member.Name));
        return member.Value.ValueKind switch
        {
            JsonValueKind.Object => Tests(where, member.Value, path, depth),
            JsonValueKind.Array => At(path, () => where.In(Values(member.Value, path))),
            JsonValueKind.Null => !where.Exists(),
            _ => At(path, () => where.Is(Value(member.Value, path))),
        };
    }

    private static Filter Tests(FieldCondition where, JsonElement tests, string path, int depth) => depth > FieldLimits.MaxFilterDepth
        ? throw Bad(path, $"conditions are nested deeper than the {FieldLimits.MaxFilterDepth} levels that are allowed")
        : Joined([.. tests.EnumerateObject().Select(t => Test(where, t, $"{path}.{FieldNames.Shorten(t.Name)}", depth + 1))], path, AllOf.Of);

    private static Filter Test(FieldCondition where, JsonProperty test, string path, int depth) => At(path, () => test.Name switch
    {
        "$eq" => where.Is(Value(test.Value, path)),
        "$ne" => where.IsNot(Value(test.Value, path)),
        "$gt" => where.Above(Value(test.Value, path)),
        "$gte" => where.AtLeast(Value(test.Value, path)),
        "$lt" => where.Below(Value(test.Value, path)),
        "$lte" => where.AtMost(Value(test.Value, path)),
        "$in" => where.In(Values(test.Value, path)),
        "$nin" => !where.In(Values(test.Value, path)),
        "$has" => where.Has(Text(test.Value, path)),
        "$starts" => where.StartsWith(Text(test.Value, path)),
        "$exists" when test.Value.ValueKind == JsonValueKind.True => where.Exists(),
        "$exists" when test.Value.ValueKind == JsonValueKind.False => !where.Exists(),
        "$exists" => throw Bad(path, $"expected true or false, not {Shown(test.Value)}"),
        "$not" when test.Value.ValueKind == JsonValueKind.Object => !Tests(where, test.Value, path, depth),
        _ => throw Bad(path, $"expected {Operators}"),
    });

    private static Filter[] Items(JsonElement json, string path, int depth) => json.ValueKind == JsonValueKind.Array
        ? [.. json.EnumerateArray().Select((item, i) => Object(item, $"{path}[{i}]", depth))]
        : throw Bad(path, $"expected an array of objects, not {Shown(json)}");

    private static Filter Joined(Filter[] parts, string path, Func<ReadOnlySpan<Filter>, Filter> join) => parts.Length switch
    {
        0 => throw Bad(path, "there is no condition; leave the filter out to get all rows"),
        1 => parts[0],
        _ => At(path, () => join(parts)),
    };

    private static FieldValue[] Values(JsonElement json, string path) => json.ValueKind == JsonValueKind.Array
        ? [.. json.EnumerateArray().Select((item, i) => Value(item, $"{path}[{i}]"))]
        : throw Bad(path, $"expected an array of values, not {Shown(json)}");

    private static FieldValue Value(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.String => FieldValue.Text(Text(json, path)),
        JsonValueKind.Number when json.TryGetDouble(out var number) => FieldValue.Number(number),
        JsonValueKind.True or JsonValueKind.False => FieldValue.Flag(json.GetBoolean()),
        _ => throw Bad(path, $"expected a string, a number, true or false, not {Shown(json)}"),
    };

    private static string Text(JsonElement json, string path)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Bad(path, $"expected a string, not {Shown(json)}");
        }
        catch (InvalidOperationException)
        {
            throw Bad(path, "the string holds half of a surrogate pair, which is no text");
        }
    }

    /// <summary>Says where a condition was that cannot be built.</summary>
    private static T At<T>(string path, Func<T> build)
    {
        try
        {
            return build();
        }
        catch (VectorException e) when (!e.Message.StartsWith(Begin, StringComparison.Ordinal))
        {
            throw Bad(path, e.Message.TrimEnd('.'));
        }
    }

    private static string Shown(JsonElement json) => FieldNames.Shorten(json.GetRawText());

    private static VectorException Bad(string path, string what) => new(VectorFault.BadFilter, $"{Begin}{path}: {what}.");
}
