using System.Runtime.InteropServices;
using Skep.Vectors;
using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Bench.Vectors;

/// <summary>
/// The clustered set at several sizes: the first rows of one long set, so that each size is drawn from the same clusters, with the same queries, which are
/// not among the rows. What is truly nearest is found by the exact search once and kept beside the rows.
/// </summary>
internal sealed class CollectionSet
{
    public const int Dimension = ClusteredSet.Dimension;
    public const int K = 10;

    /// <summary>Queries whose nearest rows are known.</summary>
    public const int Judged = 300;

    private const int Queries = 10_000;
    private readonly string _folder, _name;
    private readonly float[] _rows, _queries;

    private CollectionSet(string folder, string name, float[] rows, float[] queries) => (_folder, _name, _rows, _queries) = (folder, name, rows, queries);

    public string QueriesFile => Path.Combine(_folder, $"{_name}.queries.f32");

    public int Count => _rows.Length / Dimension;

    /// <summary>Opens the set of so many rows, or makes it (about a minute for a million).</summary>
    public static CollectionSet Open(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        var name = $"clustered-{count}";
        var (rows, queries) = (Path.Combine(folder, $"{name}.rows.f32"), Path.Combine(folder, $"{name}.queries.f32"));
        if (!File.Exists(rows) || !File.Exists(queries))
        {
            var made = ClusteredSet.Make(count + Queries);
            Write(rows, made.AsSpan(0, count * Dimension));
            Write(queries, made.AsSpan(count * Dimension));
        }

        return new CollectionSet(folder, name, Read<float>(rows), Read<float>(queries));
    }

    public ReadOnlyMemory<float> Row(int i) => _rows.AsMemory(i * Dimension, Dimension);

    public ReadOnlyMemory<float> Query(int i) => _queries.AsMemory(i % Queries * Dimension, Dimension);

    /// <summary>A record: the row, a key of its number, a string of 100 kinds and a number below 100, neither of which follows the clusters.</summary>
    public VectorRecord Record(int i) => new(KeyOf(i), i < Count ? Row(i) : Query(i - Count), Fields(i));

    /// <summary>The fields of a record.</summary>
    public static FieldValues Fields(int i)
    {
        var mixed = (uint)i * 2654435761u >> 8;
        return new FieldValues { ["kind"] = $"k{mixed % 100}", ["score"] = mixed / 100 % 100 };
    }

    public static string KeyOf(int i) => $"record-{i:D8}";

    /// <summary>For each judged query the numbers of its nearest ten among the first rows.</summary>
    public int[] Truth(int count)
    {
        var path = Path.Combine(_folder, $"{_name}.truth-{count}.i32");
        if (File.Exists(path)) return Read<int>(path);
        using var index = new VectorIndex(new VectorIndexOptions { Dimension = Dimension, MaxRows = count });
        for (var i = 0; i < count; i++) index.Add(Row(i).Span);
        var truth = new int[Judged * K];
        System.Threading.Tasks.Parallel.For(0, Judged, q =>
        {
            var hits = new VectorHit[K];
            index.Search(Query(q).Span, hits, new SearchSettings { Exact = true });
            for (var i = 0; i < K; i++) truth[(q * K) + i] = hits[i].Row;
        });
        Write(path, truth.AsSpan());
        return truth;
    }

    private static void Write<T>(string path, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        using var file = File.OpenHandle(path + ".tmp", FileMode.Create, FileAccess.Write);
        for (var at = 0; at < values.Length;)
        {
            var piece = MemoryMarshal.AsBytes(values.Slice(at, Math.Min(1 << 24, values.Length - at)));
            RandomAccess.Write(file, piece, (long)at * sizeof(int));
            at += piece.Length / sizeof(int);
        }

        file.Dispose();
        File.Move(path + ".tmp", path, overwrite: true);
    }

    private static T[] Read<T>(string path)
        where T : unmanaged
    {
        using var file = File.OpenHandle(path);
        var values = new T[RandomAccess.GetLength(file) / sizeof(int)];
        for (var at = 0; at < values.Length;)
        {
            var read = RandomAccess.Read(file, MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(1 << 24, values.Length - at))), (long)at * sizeof(int));
            at += read / sizeof(int);
        }

        return values;
    }
}
