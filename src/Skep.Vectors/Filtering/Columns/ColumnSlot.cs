namespace Skep.Vectors.Filtering;

/// <summary>
/// A field's column, which may still lie in a file: it is read when somebody first asks for it. What is appended before that waits in a column of its own, so
/// that writing reads nothing. Once the column is there, nobody waits for anybody any more.
/// </summary>
internal sealed class ColumnSlot
{
    private readonly Lock _loading = new();
    private readonly Func<Column>? _load;
    private readonly FieldType _type;
    private readonly int _stored;
    private Column? _column;
    private Column? _later;
    private int _laterRows;

    /// <summary>A column in memory.</summary>
    public ColumnSlot(Column column) => _column = column;

    /// <summary>A column in a file.</summary>
    /// <param name="type">The field's type.</param>
    /// <param name="stored">Rows that the file knows: the first ones.</param>
    /// <param name="bytes">What it takes in the file.</param>
    /// <param name="load">Reads it. When that fails, whoever asked is told, and the next one who asks tries again.</param>
    public ColumnSlot(FieldType type, int stored, long bytes, Func<Column> load) => (_type, _stored, StoredBytes, _load) = (type, stored, bytes, load);

    /// <summary>Bytes that the column takes in its file; 0 for one that never lay in one.</summary>
    public long StoredBytes { get; }

    /// <summary>Whether the column is in memory.</summary>
    public bool IsLoaded => Volatile.Read(ref _column) is not null;

    /// <summary>The column.</summary>
    /// <exception cref="VectorException">It has to be read, and is damaged or cannot be read.</exception>
    public Column Column => Volatile.Read(ref _column) ?? Load();

    /// <summary>Bytes of memory, about.</summary>
    public long Bytes => (Volatile.Read(ref _column) ?? Volatile.Read(ref _later))?.Bytes ?? 0;

    /// <summary>Sets a row's value, which was checked before. One writer at a time; rows come in rising order.</summary>
    public void Set(int row, FieldValue value)
    {
        if (Volatile.Read(ref _column) is { } column) column.Set(row, value);
        else SetBeforeLoading(row, value);
    }

    private void SetBeforeLoading(int row, FieldValue value)
    {
        lock (_loading)
        {
            if (_column is { } column)
            {
                column.Set(row, value);
                return;
            }

            if (_later is null) Volatile.Write(ref _later, Column.Of(_type));
            _laterRows = row - _stored + 1;
            _later.Set(_laterRows - 1, value);
        }
    }

    private Column Load()
    {
        lock (_loading)
        {
            if (_column is { } known) return known;
            var column = _load!();
            if (_later is { } later) Append(column, later);
            Volatile.Write(ref _column, column);
            Volatile.Write(ref _later, null);
            return column;
        }
    }

    private void Append(Column column, Column later)
    {
        var present = new ulong[BitWords.Words(_laterRows)];
        later.Present.CopyTo(present, _laterRows);
        foreach (var row in RowSet.FromBits(present, _laterRows)) column.Set(_stored + row, later.Get(row));
    }
}
