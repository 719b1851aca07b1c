using System.Text.Json;

namespace Skep.Mcp.Arguments;

/// <summary>
/// A JSON Schema of a tool's arguments, of the kinds that our tools use: texts, numbers, switches, lists, objects, with bounds and lists of allowed values.
/// What a model gives is taken as it is: nothing is converted, nothing unknown is passed over. A null counts as left out, because many clients send it so.
/// </summary>
internal sealed class ArgumentSchema
{
    /// <summary>Most bytes of one call's arguments: the largest value of memory, escaped, and its surroundings.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Most values in the arguments of one call.</summary>
    public const int MaxValues = 20_000;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 16;

    private ArgumentSchema(JsonElement element) => Element = element;

    /// <summary>The schema for the model.</summary>
    public JsonElement Element { get; }

    /// <summary>Reads a schema that this program brings along.</summary>
    public static ArgumentSchema Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ArgumentSchema(document.RootElement.Clone());
    }

    /// <summary>Checks the arguments of a call.</summary>
    /// <exception cref="ToolFault">They do not fit.</exception>
    public ToolArguments Read(IDictionary<string, JsonElement>? given)
    {
        var room = new ArgumentRoom();
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
            if (value.ValueKind != JsonValueKind.Null) members[name] = value;
        ArgumentCheck.Members("", members, Element, room);
        return new ToolArguments(members);
    }
}

/// <summary>How much more a call's arguments may hold.</summary>
internal sealed class ArgumentRoom
{
    private int _bytes = ArgumentSchema.MaxBytes;
    private int _values = ArgumentSchema.MaxValues;

    /// <summary>Takes room for a value.</summary>
    /// <exception cref="ToolFault">There is none left.</exception>
    public void Take(string at, int bytes)
    {
        if (--_values < 0) throw new ToolFault($"{ArgumentCheck.Named(at)} brings the arguments to more than {ArgumentSchema.MaxValues} values: give less at once");
        if ((_bytes -= bytes) < 0) throw new ToolFault($"{ArgumentCheck.Named(at)} brings the arguments to more than {ArgumentSchema.MaxBytes} bytes: give less at once");
    }
}
