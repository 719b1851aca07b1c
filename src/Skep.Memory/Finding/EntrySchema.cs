using Skep.Memory.Tables;
using Skep.Storage;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>What filters can name: the fields that every entry has, and members of JSON values.</summary>
internal sealed class EntrySchema
{
    private static readonly Field[] BuiltIn =
    [
        new("path", FieldType.Text), new("namespace", FieldType.Text), new("key", FieldType.Text), new("type", FieldType.Text),
        new("agent", FieldType.Text), new("task", FieldType.Text), new("run", FieldType.Text),
        new("created", FieldType.Time), new("updated", FieldType.Time), new("expires", FieldType.Time),
        new("size", FieldType.Number), new("revision", FieldType.Number), new("tags", FieldType.Tags),
    ];

    /// <summary>The end of the year 9999.</summary>
    private const long LastMs = 253_402_300_799_999;

    private readonly Dictionary<string, FieldType> _json;

    private EntrySchema(Dictionary<string, FieldType> json) =>
        (_json, Fields) = (json, new FieldSchema([.. BuiltIn, .. json.OrderBy(static f => f.Key, StringComparer.Ordinal).Select(static f => new Field(f.Key, f.Value))], open: false));

    /// <summary>Members of JSON values that can be named; those that come later cannot.</summary>
    internal static int MaxJsonFields => FieldLimits.MaxFields - BuiltIn.Length;

    /// <summary>The fields, closed: what is not among them is unknown.</summary>
    internal FieldSchema Fields { get; }

    /// <summary>Members of JSON values, with their types, for people.</summary>
    internal IReadOnlyList<string> JsonFields => [.. Fields.Fields.Skip(BuiltIn.Length).Select(static f => f.ToString())];

    internal static bool IsBuiltIn(string name) => BuiltIn.Any(f => f.Name == name);

    internal static EntrySchema Load(SqlSession sql) => new(FieldTable.Load(sql));

    /// <summary>The schema of a memory without tables.</summary>
    internal static EntrySchema Empty { get; } = new([]);

    /// <summary>An entry's values. A JSON member of another type than its field has is missing.</summary>
    /// <param name="entry">With its value, if JSON members are wanted.</param>
    internal FieldValues Of(MemoryEntry entry)
    {
        var values = new FieldValues
        {
            ["path"] = entry.Path,
            ["namespace"] = MemoryPath.NamespaceOf(entry.Path),
            ["key"] = entry.Path[(entry.Path.LastIndexOf('/') + 1)..],
            ["type"] = entry.ContentType.Name(),
            ["agent"] = entry.Author.Agent,
            ["task"] = entry.Author.Task,
            ["run"] = entry.Author.Run,
            ["created"] = Time(entry.CreatedUnixMs),
            ["updated"] = Time(entry.UpdatedUnixMs),
            ["expires"] = entry.ExpiresUnixMs is { } expires ? Time(expires) : default,
            ["size"] = (double)entry.Size,
            ["revision"] = (double)entry.Revision,
            ["tags"] = FieldValue.Tags(entry.Tags),
        };
        if (entry.ContentType != MemoryContentType.Json || entry.Value is not { } json || _json.Count == 0) return values;
        foreach (var (name, value) in Finding.JsonFields.Of(json.Span))
        {
            if (_json.TryGetValue(name, out var type) && type == value.Type) values[name] = value;
        }

        return values;
    }

    private static FieldValue Time(long unixMs) => FieldValue.Time(DateTimeOffset.UnixEpoch.UtcTicks + (Math.Clamp(unixMs, 0, LastMs) * TimeSpan.TicksPerMillisecond));
}
