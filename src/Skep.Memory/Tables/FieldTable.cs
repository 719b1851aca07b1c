using Skep.Memory.Finding;
using Skep.Storage;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Tables;

/// <summary>The fields of JSON values that filters can name. All readers of the folder so agree on their types, in whichever order they read the entries.</summary>
/// <param name="sql">Of one transaction.</param>
internal sealed class FieldTable(SqlSession sql)
{
    private Dictionary<string, FieldType>? _known;

    /// <summary>Takes in the fields of a value: new ones with their types, as long as there is room.</summary>
    internal void Learn(ReadOnlySpan<byte> json)
    {
        foreach (var (name, value) in JsonFields.Of(json))
        {
            _known ??= Load(sql);
            if (_known.Count >= EntrySchema.MaxJsonFields || !_known.TryAdd(name, value.Type)) continue;
            sql.Sql("INSERT INTO memory_fields (name, type) VALUES (?1, ?2)").Bind(1, name).Bind(2, (long)value.Type).Run();
        }
    }

    internal static Dictionary<string, FieldType> Load(SqlSession sql)
    {
        var fields = new Dictionary<string, FieldType>(StringComparer.Ordinal);
        var rows = sql.Sql("SELECT name, type FROM memory_fields ORDER BY name");
        while (rows.Step()) fields[rows.Text(0)] = (FieldType)rows.Number(1);
        rows.Reset();
        return fields;
    }
}
