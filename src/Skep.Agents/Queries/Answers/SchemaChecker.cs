using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Skep.Agents.Queries;

/// <summary>
/// Validation by the part of JSON Schema (2020-12) that structured answers use: type, enum, const, properties, required, additionalProperties,
/// items, allOf, anyOf, oneOf, not, and bounds of numbers, texts and arrays. Annotations are passed over.
/// </summary>
internal sealed class SchemaChecker(int maxProblems)
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Check(JsonElement schema, JsonElement value, string at)
    {
        if (schema.ValueKind == JsonValueKind.False) Say(at, "must not be there");
        if (schema.ValueKind != JsonValueKind.Object || _problems.Count >= maxProblems) return;
        foreach (var rule in schema.EnumerateObject()) Check(rule.Name, rule.Value, schema, value, at);
    }

    private void Check(string name, JsonElement rule, JsonElement schema, JsonElement value, string at)
    {
        switch (name)
        {
            case "type": CheckType(rule, value, at); break;
            case "enum": Require(rule.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)), at, $"must be one of {rule.GetRawText()}"); break;
            case "const": Require(JsonElement.DeepEquals(rule, value), at, $"must be {rule.GetRawText()}"); break;
            case "allOf": foreach (var part in rule.EnumerateArray()) Check(part, value, at); break;
            case "anyOf": Require(rule.EnumerateArray().Any(part => Fits(part, value)), at, "fits none of the alternatives (anyOf)"); break;
            case "oneOf": Require(rule.EnumerateArray().Count(part => Fits(part, value)) == 1, at, "must fit exactly one of the alternatives (oneOf)"); break;
            case "not": Require(!Fits(rule, value), at, "is of a form that is excluded (not)"); break;
            default: CheckByKind(name, rule, schema, value, at); break;
        }
    }

    private void CheckByKind(string name, JsonElement rule, JsonElement schema, JsonElement value, string at)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: CheckObject(name, rule, schema, value, at); break;
            case JsonValueKind.Array: CheckArray(name, rule, value, at); break;
            case JsonValueKind.String: CheckText(name, rule, value.GetString()!, at); break;
            case JsonValueKind.Number: CheckNumber(name, rule, value.GetDouble(), at); break;
        }
    }

    private void CheckObject(string name, JsonElement rule, JsonElement schema, JsonElement value, string at)
    {
        switch (name)
        {
            case "properties":
                foreach (var property in rule.EnumerateObject())
                    if (value.TryGetProperty(property.Name, out var member)) Check(property.Value, member, $"{at}.{property.Name}");
                break;
            case "required":
                foreach (var wanted in rule.EnumerateArray())
                    Require(value.TryGetProperty(wanted.GetString()!, out _), at, $"lacks '{wanted.GetString()}'");
                break;
            case "additionalProperties":
                foreach (var member in value.EnumerateObject().Where(m => !IsDeclared(schema, m.Name)))
                    if (rule.ValueKind == JsonValueKind.False) Say(at, $"has the unknown member '{member.Name}'");
                    else Check(rule, member.Value, $"{at}.{member.Name}");
                break;
            case "minProperties": Require(value.EnumerateObject().Count() >= rule.GetInt32(), at, $"must have at least {rule} members"); break;
            case "maxProperties": Require(value.EnumerateObject().Count() <= rule.GetInt32(), at, $"must have at most {rule} members"); break;
        }
    }

    private void CheckArray(string name, JsonElement rule, JsonElement value, string at)
    {
        switch (name)
        {
            case "items":
                var index = 0;
                foreach (var item in value.EnumerateArray()) Check(rule, item, $"{at}[{index++}]");
                break;
            case "minItems": Require(value.GetArrayLength() >= rule.GetInt32(), at, $"must have at least {rule} items"); break;
            case "maxItems": Require(value.GetArrayLength() <= rule.GetInt32(), at, $"must have at most {rule} items"); break;
            case "uniqueItems" when rule.ValueKind == JsonValueKind.True:
                var items = value.EnumerateArray().ToList();
                Require(!items.Where((a, i) => items.Skip(i + 1).Any(b => JsonElement.DeepEquals(a, b))).Any(), at, "must not have the same item twice");
                break;
        }
    }

    private void CheckText(string name, JsonElement rule, string text, string at)
    {
        switch (name)
        {
            case "minLength": Require(text.Length >= rule.GetInt32(), at, $"must have at least {rule} characters"); break;
            case "maxLength": Require(text.Length <= rule.GetInt32(), at, $"must have at most {rule} characters"); break;
            case "pattern": Require(Matches(rule.GetString()!, text), at, $"must match {rule.GetRawText()}"); break;
        }
    }

    private void CheckNumber(string name, JsonElement rule, double number, string at)
    {
        switch (name)
        {
            case "minimum": Require(number >= rule.GetDouble(), at, $"must be at least {rule}"); break;
            case "maximum": Require(number <= rule.GetDouble(), at, $"must be at most {rule}"); break;
            case "exclusiveMinimum": Require(number > rule.GetDouble(), at, $"must be greater than {rule}"); break;
            case "exclusiveMaximum": Require(number < rule.GetDouble(), at, $"must be less than {rule}"); break;
            case "multipleOf": Require(rule.GetDouble() > 0 && Math.Abs(number / rule.GetDouble() - Math.Round(number / rule.GetDouble())) < 1e-9, at, $"must be a multiple of {rule}"); break;
        }
    }

    private void CheckType(JsonElement rule, JsonElement value, string at)
    {
        var names = rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(t => t.GetString()!).ToList() : [rule.GetString()!];
        Require(names.Exists(n => IsOf(n, value)), at, $"must be {string.Join(" or ", names)}, not {NameOf(value)}");
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLower(CultureInfo.InvariantCulture),
    };

    private static bool IsDeclared(JsonElement schema, string name) => schema.TryGetProperty("properties", out var known) && known.TryGetProperty(name, out _);

    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternTime);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool Fits(JsonElement schema, JsonElement value)
    {
        var inner = new SchemaChecker(1);
        inner.Check(schema, value, "");
        return inner.Problems.Count == 0;
    }

    private void Require(bool holds, string at, string otherwise)
    {
        if (!holds) Say(at, otherwise);
    }

    private void Say(string at, string what)
    {
        if (_problems.Count < maxProblems) _problems.Add($"{at} {what}");
    }
}
