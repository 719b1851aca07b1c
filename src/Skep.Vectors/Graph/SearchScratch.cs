using System.Collections.Concurrent;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Graph;

/// <summary>What one walk needs and the next can use again: marks of visited rows, candidates, a prepared query.</summary>
internal sealed unsafe class SearchScratch : IDisposable
{
    /// <summary>Scratches kept for later walks: about as many as walk at the same time.</summary>
    private const int MaxKept = 64;

    private static readonly ConcurrentBag<SearchScratch> Kept = [];

    private byte[] _visited = [];
    private byte _mark;
    private readonly NativeBlock _pool = new(), _other = new(), _query = new(), _vector = new(), _batch = new();

    private SearchScratch()
    {
    }

    /// <summary>The value that stands for "visited in this walk".</summary>
    public byte Mark => _mark;

    /// <summary>One byte a row.</summary>
    public byte[] Visited => _visited;

    /// <summary>Takes a scratch. Give it back with <see cref="Return"/>.</summary>
    public static SearchScratch Rent() => Kept.TryTake(out var kept) ? kept : new SearchScratch();

    public static void Return(SearchScratch scratch)
    {
        if (Kept.Count < MaxKept) Kept.Add(scratch);
        else scratch.Dispose();
    }

    public void Dispose()
    {
        foreach (var block in (ReadOnlySpan<NativeBlock>)[_pool, _other, _query, _vector, _batch]) block.Dispose();
    }

    /// <summary>Forgets which rows were visited, and makes room for marks of so many.</summary>
    public void Begin(int rows)
    {
        if (_visited.Length < rows)
        {
            _visited = new byte[rows + (rows >> 2) + 64];
            _mark = 0;
        }

        if (++_mark != 0) return;
        Array.Clear(_visited);
        _mark = 1;
    }

    public Candidate* Pool(int count) => (Candidate*)_pool.Room((count + 1) * sizeof(Candidate));

    public Candidate* Other(int count) => (Candidate*)_other.Room((count + 1) * sizeof(Candidate));

    public byte* Query(int bytes) => _query.Room(bytes);

    public float* Vector(int length) => (float*)_vector.Room(length * sizeof(float));

    public int* Batch(int count) => (int*)_batch.Room(count * sizeof(int));
}
