namespace Skep.Vectors.Filtering;

/// <summary>What a field of a row's metadata holds. A field keeps its type for ever.</summary>
public enum FieldType
{
    /// <summary>No value: the row lacks the field.</summary>
    None = 0,

    /// <summary>A string, at most <see cref="FieldLimits.MaxTextLength"/> characters.</summary>
    Text = 1,

    /// <summary>A finite number of 64 bits.</summary>
    Number = 2,

    /// <summary>True or false.</summary>
    Flag = 3,

    /// <summary>An instant, in ticks of 100 ns since year 1, UTC; ISO 8601 in expressions.</summary>
    Time = 4,

    /// <summary>A set of strings without order, at most <see cref="FieldLimits.MaxTags"/>.</summary>
    Tags = 5,
}

/// <summary>How types are called in messages and documents.</summary>
internal static class FieldTypeNames
{
    public static string Name(this FieldType type) => type switch
    {
        FieldType.Text => "string",
        FieldType.Number => "number",
        FieldType.Flag => "bool",
        FieldType.Time => "time",
        FieldType.Tags => "tags",
        _ => "nothing",
    };
}
