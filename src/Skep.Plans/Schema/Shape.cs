using System.Text.Json;

namespace Skep.Plans.Schema;

/// <summary>What a value looks like, as far as JSON Schema can say it. The binder checks the same and more.</summary>
internal abstract record Shape
{
    /// <summary>Writes the members of the schema object.</summary>
    public abstract void WriteMembers(Utf8JsonWriter json);

    /// <summary>Writes the schema object with a description.</summary>
    public void Write(Utf8JsonWriter json, string? description = null)
    {
        json.WriteStartObject();
        if (description is not null) json.WriteString("description", description);
        WriteMembers(json);
        json.WriteEndObject();
    }
}

/// <summary>Anything.</summary>
internal sealed record AnyShape : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
    }
}

/// <summary>A text, or what YAML reads as a number or boolean where text is meant.</summary>
internal sealed record TextShape(string? Pattern = null, bool AllowScalars = false) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
        if (AllowScalars)
        {
            json.WriteStartArray("type");
            foreach (var type in new[] { "string", "number", "boolean" }) json.WriteStringValue(type);
            json.WriteEndArray();
        }
        else json.WriteString("type", "string");

        if (Pattern is not null) json.WriteString("pattern", Pattern);
    }
}

/// <summary>One of some words.</summary>
internal sealed record EnumShape(params string[] Names) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartArray("enum");
        foreach (var name in Names) json.WriteStringValue(name);
        json.WriteEndArray();
    }
}

/// <summary>A number within bounds.</summary>
internal sealed record NumberShape(bool IsInteger, double? Min = null, double? Max = null) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type", IsInteger ? "integer" : "number");
        if (Min is { } min) json.WriteNumber("minimum", min);
        if (Max is { } max) json.WriteNumber("maximum", max);
    }
}

/// <summary>True or false.</summary>
internal sealed record BoolShape : Shape
{
    public override void WriteMembers(Utf8JsonWriter json) => json.WriteString("type", "boolean");
}

/// <summary>A list.</summary>
internal sealed record ListShape(Shape Item) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WritePropertyName("items");
        Item.Write(json);
    }
}

/// <summary>A mapping with free keys.</summary>
internal sealed record MapShape(Shape Value, string? KeyPattern = null) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        if (KeyPattern is not null)
        {
            json.WriteStartObject("propertyNames");
            json.WriteString("pattern", KeyPattern);
            json.WriteEndObject();
        }

        json.WritePropertyName("additionalProperties");
        Value.Write(json);
    }
}

/// <summary>A definition of its own (<c>$defs</c>).</summary>
internal sealed record RefShape(string Name) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json) => json.WriteString("$ref", $"#/$defs/{Name}");
}

/// <summary>One of several forms.</summary>
internal sealed record AnyOfShape(params Shape[] Options) : Shape
{
    public override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        foreach (var option in Options) option.Write(json);
        json.WriteEndArray();
    }
}
