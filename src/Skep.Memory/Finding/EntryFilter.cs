using Skep.Vectors;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>A filter on entries, checked against what there is to name.</summary>
internal sealed class EntryFilter
{
    private readonly EntrySchema _schema;

    private EntryFilter(Filter filter, EntrySchema schema) => (Filter, _schema) = (filter, schema);

    internal Filter Filter { get; }

    /// <summary>Reads a filter; null for none.</summary>
    /// <exception cref="MemoryException">It is not valid, names an unknown field or compares with a value of another type; the message shows where.</exception>
    internal static EntryFilter? Parse(string? text, EntrySchema schema)
    {
        if (text is null) return null;
        try
        {
            var filter = Filter.Parse(text);
            filter.Check(schema.Fields);
            return new EntryFilter(filter, schema);
        }
        catch (VectorException e)
        {
            throw new MemoryException(MemoryFault.InvalidRequest, e.Message, e);
        }
    }

    /// <summary>Which of some entries it lets through.</summary>
    internal RowSet Apply(IEnumerable<MemoryEntry> entries)
    {
        var columns = new FieldColumns(_schema.Fields);
        foreach (var entry in entries) columns.Append(_schema.Of(entry));
        return Filter.Compile(columns.View);
    }
}
