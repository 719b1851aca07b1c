namespace Skep.Vectors.Filtering;

/// <summary>A field of the rows' metadata.</summary>
/// <param name="Name">Its name: letters, digits, spaces and signs, without control characters and backquotes.</param>
/// <param name="Type">What it holds.</param>
public readonly record struct Field(string Name, FieldType Type)
{
    /// <summary>The field as messages show it: <c>score (number)</c>.</summary>
    public override string ToString() => $"{Name} ({Type.Name()})";
}
