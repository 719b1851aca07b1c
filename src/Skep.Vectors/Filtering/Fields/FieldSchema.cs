namespace Skep.Vectors.Filtering;

/// <summary>
/// Which fields rows have, and of what type. Immutable: growing gives another schema. An open schema takes a field in when it sees it first, and keeps its
/// type from then on; a closed one refuses fields that were not declared.
/// </summary>
public sealed class FieldSchema
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Field[] _fields;

    /// <summary>A schema of declared fields.</summary>
    /// <param name="fields">The fields; names are unique.</param>
    /// <param name="open">Whether rows may bring further fields.</param>
    /// <exception cref="VectorException">A name is bad or twice there, a type is none, or there are more than <see cref="FieldLimits.MaxFields"/>.</exception>
    public FieldSchema(IEnumerable<Field> fields, bool open = true)
    {
        ArgumentNullException.ThrowIfNull(fields);
        IsOpen = open;
        _fields = [.. fields];
        Enough(_fields.Length);
        for (var i = 0; i < _fields.Length; i++)
        {
            FieldNames.Check(_fields[i].Name);
            Typed(_fields[i]);
            if (!_places.TryAdd(_fields[i].Name, i))
            {
                throw Bad($"The field '{_fields[i].Name}' is declared twice: declare it once.");
            }
        }
    }

    /// <summary>No fields yet; rows bring them.</summary>
    public static FieldSchema Open { get; } = new([]);

    /// <summary>Whether rows may bring further fields.</summary>
    public bool IsOpen { get; }

    /// <summary>The fields in the order in which they were declared or seen.</summary>
    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>Finds a field's place among <see cref="Fields"/>.</summary>
    public bool TryFind(string name, out int place) => _places.TryGetValue(name, out place);

    /// <summary>The known field that a wrong name is nearest to, or null where none is near.</summary>
    public string? Nearest(string name) => FieldNames.Nearest(name, _places.Keys);

    /// <summary>This schema, with what a row brings.</summary>
    /// <returns>The same schema where the row brings nothing new.</returns>
    /// <exception cref="VectorException">A value is of another type than its field or out of its bounds, or the field cannot be added.</exception>
    public FieldSchema Accept(FieldValues row)
    {
        ArgumentNullException.ThrowIfNull(row);
        List<Field>? added = null;
        foreach (var (name, value) in row)
        {
            if (value.Fault() is { } fault)
            {
                throw Bad($"The value of field '{name}' cannot be kept: {fault}.");
            }

            if (!_places.TryGetValue(name, out var place))
            {
                (added ??= []).Add(Grown(name, value.Type));
            }
            else if (_fields[place].Type != value.Type)
            {
                throw Bad($"The field '{name}' holds values of type {_fields[place].Type.Name()}, and this row brings one of type {value.Type.Name()}: {value}. "
                    + "Convert the value, or use another field name.");
            }
        }

        return added is null ? this : new FieldSchema([.. _fields, .. added], IsOpen);
    }

    /// <summary>The fields as messages list them.</summary>
    public override string ToString() => _fields.Length == 0 ? "no fields yet" : string.Join(", ", _fields);

    private static void Typed(Field field)
    {
        if (field.Type is < FieldType.Text or > FieldType.Tags)
        {
            throw Bad($"The field '{field.Name}' has no type: use string, number, bool, time or tags.");
        }
    }

    private static void Enough(int count)
    {
        if (count > FieldLimits.MaxFields)
        {
            throw Bad($"{count} fields are too many: {FieldLimits.MaxFields} are allowed. Fold fields that nobody filters by into the stored text.");
        }
    }

    private static VectorException Bad(string message) => new(VectorFault.BadArgument, message);

    private Field Grown(string name, FieldType type)
    {
        FieldNames.Check(name);
        if (!IsOpen)
        {
            var hint = Nearest(name) is { } near ? $" Did you mean '{near}'?" : "";
            throw Bad($"The field '{FieldNames.Shorten(name)}' is not declared, and the schema is closed.{hint} Fields: {this}.");
        }

        return new Field(name, type);
    }
}
