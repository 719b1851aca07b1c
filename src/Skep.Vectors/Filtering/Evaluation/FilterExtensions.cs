namespace Skep.Vectors.Filtering;

/// <summary>What filters say about rows.</summary>
public static class FilterExtensions
{
    /// <summary>Finds the rows that a filter lets through.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="view">The rows.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.BadFilter"/>: a field is unknown, or a value does not fit it; the message shows where.</exception>
    public static RowSet Compile(this Filter filter, FieldView view)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(view);
        var predicate = FilterBinder.Bind(filter, view);
        var words = new ulong[BitWords.Words(view.Rows)];
        predicate.Evaluate(words);
        return RowSet.Own(words, view.Rows);
    }

    /// <summary>Estimates how many rows a filter lets through, from counts of strings and tags and from samples of numbers and times.</summary>
    /// <inheritdoc cref="Compile" path="/param"/>
    /// <inheritdoc cref="Compile" path="/exception"/>
    public static RowEstimate Estimate(this Filter filter, FieldView view)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(view);
        return FilterBinder.Bind(filter, view).Estimate();
    }

    /// <summary>Checks a filter against a schema, without rows.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="schema">The fields.</param>
    /// <inheritdoc cref="Compile" path="/exception"/>
    public static void Check(this Filter filter, FieldSchema schema)
    {
        ArgumentNullException.ThrowIfNull(filter);
        FilterBinder.Bind(filter, new FieldColumns(schema).View);
    }
}
