using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>
/// Reads the JSON Schema of an answer. What is checked here are the slips that would make every answer wrong: unknown types,
/// required members that are not described, references that lead nowhere. Keywords that are not known here pass.
/// </summary>
internal sealed class OutputSchemaReader
{
    /// <summary>Longest schema, in characters of JSON: it is sent with every request.</summary>
    public const int MaxJson = 64 * 1024;

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private static readonly string[] Maps = ["properties", "$defs", "definitions", "patternProperties"];
    private static readonly string[] Lists = ["allOf", "anyOf", "oneOf", "prefixItems"];
    private static readonly string[] Schemas = ["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];

    private readonly Binder _binder;
    private readonly YamlMapping _root;

    private OutputSchemaReader(Binder binder, YamlMapping root) => (_binder, _root) = (binder, root);

    /// <summary>Reads a schema; null when it is none.</summary>
    public static PlanValue? Read(Binder binder, YamlNode node)
    {
        if (node is not YamlMapping { Entries.Count: > 0 } mapping)
        {
            binder.WrongType(node, "'output_schema' must be a JSON Schema as a mapping, such as { type: object, properties: { answer: { type: string } }, required: [answer] }");
            return null;
        }

        new OutputSchemaReader(binder, mapping).Check(mapping);
        var value = binder.Value(mapping, areTemplates: false);
        var length = value.ToJson().Length;
        if (length > MaxJson) binder.Error(DiagnosticCodes.TooLarge, node.Span, $"'output_schema' has {length:N0} characters as JSON; at most {MaxJson:N0} are allowed, because it is sent with every request");
        return value;
    }

    /// <summary>The depth is bounded by the tree's.</summary>
    private void Check(YamlMapping schema)
    {
        foreach (var (key, value) in schema.Entries)
        {
            if (key.Value == "type") CheckTypes(value);
            else if (key.Value == "enum" && value is not YamlSequence { Items.Count: > 0 }) _binder.WrongType(value, "'enum' of a schema must be a list of the values that are allowed");
            else if (key.Value == "required") CheckRequired(schema, value);
            else if (key.Value == "$ref") CheckReference(value);
            else if (Maps.Contains(key.Value)) Children(value, key.Value);
            else if (Lists.Contains(key.Value)) Options(value, key.Value);
            else if (Schemas.Contains(key.Value)) Child(value, key.Value);
        }
    }

    private void CheckTypes(YamlNode node)
    {
        foreach (var item in node is YamlSequence list ? list.Items : [node])
            if (_binder.Text(item, "type") is { } type && !Types.Contains(type))
                _binder.Error(DiagnosticCodes.BadValue, item.Span, $"'{DiagnosticBag.OneLine(type)}' is no type of JSON Schema; {Suggestion.Hint(type, Types, "types")}", type);
    }

    private void CheckRequired(YamlMapping schema, YamlNode node)
    {
        if (node is not YamlSequence list)
        {
            _binder.WrongType(node, "'required' of a schema must be a list of names of members");
            return;
        }

        if (schema.Find("properties") is not YamlMapping properties) return;
        foreach (var item in list.Items)
            if (_binder.Text(item, "required") is { } name && properties.Find(name) is null)
                _binder.Error(DiagnosticCodes.BadValue, item.Span, $"'{DiagnosticBag.OneLine(name)}' is required, but 'properties' does not describe it; {Suggestion.Hint(name, [.. properties.Entries.Select(e => e.Key.Value)], "its members")}", name);
    }

    private void CheckReference(YamlNode node)
    {
        if (_binder.Text(node, "$ref") is not { } reference) return;
        YamlNode? target = reference.StartsWith('#') ? _root : null;
        foreach (var part in reference.Split('/').Skip(1))
            target = (target as YamlMapping)?.Find(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        if (target is null)
            _binder.Error(DiagnosticCodes.BadValue, node.Span, $"the reference '{DiagnosticBag.OneLine(reference)}' leads nowhere; write '#/$defs/NAME', with a schema of that name under '$defs'", reference);
    }

    private void Children(YamlNode node, string key)
    {
        foreach (var (name, value) in _binder.Map(node, key, "{ NAME: { type: string } }") ?? []) Child(value, name.Value);
    }

    private void Options(YamlNode node, string key)
    {
        foreach (var item in _binder.List(node, key, "schemas") ?? []) Child(item, key);
    }

    private void Child(YamlNode node, string key)
    {
        if (node is YamlMapping mapping) Check(mapping);
        else if (node is not YamlScalar { IsPlain: true, Value: "true" or "false" }) _binder.WrongType(node, $"'{key}' of a schema must be a schema such as {{ type: string }}, or true or false");
    }
}
