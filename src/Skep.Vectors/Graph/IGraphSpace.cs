namespace Skep.Vectors.Graph;

/// <summary>
/// The distances that a graph is walked by. Implementations are structs over raw rows, so that the walk is compiled once for each of them with the
/// distance inlined. Rows are not checked: the graph holds only rows that exist.
/// </summary>
internal unsafe interface IGraphSpace
{
    /// <summary>From a prepared query to a row.</summary>
    float ToQuery(byte* query, int row);

    /// <summary>From a row to another one.</summary>
    float Between(int a, int b);

    /// <summary>Asks for a row's bytes ahead of their use.</summary>
    void Prefetch(int row);
}
