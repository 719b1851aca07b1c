using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>A set to search, queries, and for each query the rows that are truly nearest. Kept in a folder as raw files, which the peers read too.</summary>
internal sealed class VectorData
{
    public const int K = 10;

    private VectorData(string folder, string name, VectorMetric metric, int dimension, float[] rows, float[] queries)
    {
        (Name, Metric, Dimension, Rows, Queries) = (name, metric, dimension, rows, queries);
        Directory.CreateDirectory(folder);
        RowsFile = Keep(folder, $"{name}.rows.f32", rows);
        QueriesFile = Keep(folder, $"{name}.queries.f32", queries);
        TruthFile = Path.Combine(folder, $"{name}.truth.i32");
        Truth = File.Exists(TruthFile) ? MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(TruthFile)).ToArray() : Exact();
        _ = Keep(folder, $"{name}.truth.i32", Truth);
    }

    private VectorData(VectorData other, int[] truth)
    {
        (Name, Metric, Dimension, Rows, Queries, Truth) = (other.Name, other.Metric, other.Dimension, other.Rows, other.Queries, truth);
        (RowsFile, QueriesFile, TruthFile) = (other.RowsFile, other.QueriesFile, other.TruthFile);
    }

    public string Name { get; }

    public VectorMetric Metric { get; }

    public int Dimension { get; }

    public float[] Rows { get; }

    public float[] Queries { get; }

    public int[] Truth { get; }

    public int Count => Rows.Length / Dimension;

    public int QueryCount => Queries.Length / Dimension;

    public string RowsFile { get; }

    public string QueriesFile { get; }

    public string TruthFile { get; }

    public ReadOnlySpan<float> Row(int i) => Rows.AsSpan(i * Dimension, Dimension);

    public ReadOnlySpan<float> Query(int i) => Queries.AsSpan(i * Dimension, Dimension);

    /// <summary>The seeded set, cosine.</summary>
    public static VectorData Clustered(string folder, int count, int queries)
    {
        const int d = ClusteredSet.Dimension;
        var name = $"clustered-{count}";
        var (rows, asked) = (Path.Combine(folder, $"{name}.rows.f32"), Path.Combine(folder, $"{name}.queries.f32"));
        if (File.Exists(rows) && File.Exists(asked)) return new VectorData(folder, name, VectorMetric.Cosine, d, Load(rows), Load(asked));
        var made = ClusteredSet.Make(count + queries);
        return new VectorData(folder, name, VectorMetric.Cosine, d, made[..(count * d)], made[(count * d)..]);
    }

    /// <summary>MNIST's images of digits as vectors of 784 grey values, L2: 60,000 rows, the first of the 10,000 test images as queries.</summary>
    public static VectorData Mnist(string folder, string images, int queries) =>
        new(folder, "mnist-60000", VectorMetric.L2, 784, Images(Path.Combine(images, "train-images-idx3-ubyte"), int.MaxValue), Images(Path.Combine(images, "t10k-images-idx3-ubyte"), queries));

    /// <summary>How many of the truly nearest ten were found, over all queries.</summary>
    public double Recall(Func<int, int, int> found, int queries)
    {
        var hits = 0;
        for (var q = 0; q < queries; q++)
            for (var i = 0; i < K; i++)
                if (Truth.AsSpan(q * K, K).Contains(found(q, i))) hits++;
        return hits / (double)(queries * K);
    }

    /// <summary>The same set with rows that were given other numbers.</summary>
    /// <param name="old">For each new number the number here.</param>
    public VectorData With(int[] old)
    {
        var now = new int[Count];
        for (var row = 0; row < old.Length; row++) now[old[row]] = row;
        return new VectorData(this, [.. Truth.Select(row => now[row])]);
    }

    private static float[] Images(string file, int most)
    {
        var bytes = File.ReadAllBytes(file);
        var count = Math.Min(most, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4)));
        return [.. bytes.AsSpan(16, count * 784).ToArray().Select(b => (float)b)];
    }

    private static float[] Load(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();

    private static string Keep<T>(string folder, string name, T[] values)
        where T : unmanaged
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file)) File.WriteAllBytes(file, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return file;
    }

    private int[] Exact()
    {
        using var index = new VectorIndex(new VectorIndexOptions { Dimension = Dimension, Metric = Metric, MaxRows = Count });
        for (var i = 0; i < Count; i++) index.Add(Row(i));
        var truth = new int[QueryCount * K];
        System.Threading.Tasks.Parallel.For(0, QueryCount, q =>
        {
            var hits = new VectorHit[K];
            index.Search(Query(q), hits, new SearchSettings { Exact = true });
            for (var i = 0; i < K; i++) truth[(q * K) + i] = hits[i].Row;
        });
        return truth;
    }
}
