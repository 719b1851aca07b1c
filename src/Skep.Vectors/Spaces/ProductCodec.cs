using System.Buffers.Binary;
using Skep.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// Product codes (Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbor Search", 2011): a vector, rotated if so wanted, is cut into parts, and of each part the
/// nearest of 256 centroids is kept: a byte. A query stays as it is: its distances to all centroids are put into tables, of which a row's distance is a sum.
/// </summary>
internal sealed unsafe class ProductCodec : RowCodec
{
    /// <summary>Rows for each centroid that training looks at.</summary>
    public const int SampleRows = 100 * CentroidTable.Count;

    private readonly int[] _starts;
    private readonly CentroidTable[] _tables;
    private readonly float[]? _rotation;

    private ProductCodec(VectorMetric metric, int dimension, CentroidTable[] tables, float[]? rotation)
        : base(metric, dimension) => (_starts, _tables, _rotation) = (Starts(dimension, tables.Length), tables, rotation);

    public override VectorCodes Codes => VectorCodes.Product;

    public override int Stride => _tables.Length;

    public override int PartCount => 0;

    public override int QueryBytes => _tables.Length * CentroidTable.Count * sizeof(float);

    public override bool LinksItself => false;

    private bool IsL2 => Metric == VectorMetric.L2;

    /// <summary>Trains the centroids. The parts are trained beside each other.</summary>
    public static ProductCodec Train(VectorMetric metric, int dimension, float[] sample, ProductOptions options, int threads)
    {
        var starts = Starts(dimension, options.PartsOf(dimension));
        var rotation = options.Rotate && dimension > 1 ? BalancedRotation.Of(sample, dimension, starts) : null;
        if (rotation is not null) RotateAll(rotation, sample, dimension, threads);
        var tables = new CentroidTable[starts.Length - 1];
        Parallel.For(0, tables.Length, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, part =>
        {
            tables[part] = new CentroidTable(starts[part + 1] - starts[part]);
            KMeans.Train(sample, dimension, starts[part], tables[part], options.Passes, options.Seed + (ulong)part);
        });
        return new ProductCodec(metric, dimension, tables, rotation);
    }

    public static ProductCodec Read(VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes)
    {
        var parts = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var rotates = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) != 0;
        var starts = Starts(dimension, parts);
        var numbers = bytes[8..];
        var tables = new CentroidTable[parts];
        for (var part = 0; part < parts; part++)
        {
            tables[part] = new CentroidTable(starts[part + 1] - starts[part]);
            numbers = Floats(numbers, tables[part].Values);
        }

        var rotation = rotates ? new float[dimension * dimension] : null;
        if (rotation is not null) Floats(numbers, rotation);
        return new ProductCodec(metric, dimension, tables, rotation);
    }

    public override byte[] Write()
    {
        using var bytes = new MemoryStream();
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, _tables.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], _rotation is null ? 0 : 1);
        bytes.Write(head);
        foreach (var table in _tables) Write(bytes, table.Values);
        if (_rotation is not null) Write(bytes, _rotation);
        return bytes.ToArray();
    }

    /// <summary>A byte for several dimensions is coarse: most of the candidates.</summary>
    public override int RerankOf(int k, int ef) => Math.Min(ef, Math.Max(10 * k, k + 190));

    public override TResult With<TUser, TResult>(byte* codes, float* parts, TUser user) =>
        user.Use(new ProductSpace(codes, Stride, Metric == VectorMetric.Cosine ? 1 : 0, _tables, IsL2));

    public override void Encode(float* vector, byte* row, float* parts)
    {
        var rotated = stackalloc float[Dimension];
        vector = Rotated(vector, rotated);
        for (var part = 0; part < _tables.Length; part++) row[part] = _tables[part].Nearest(vector + _starts[part]).Code;
    }

    public override void Prepare(float* vector, byte* query)
    {
        var rotated = stackalloc float[Dimension];
        vector = Rotated(vector, rotated);
        for (var part = 0; part < _tables.Length; part++)
        {
            var table = (float*)query + (part * CentroidTable.Count);
            if (IsL2) _tables[part].SquaredL2(vector + _starts[part], table);
            else _tables[part].NegatedDot(vector + _starts[part], table);
        }
    }

    /// <summary>Where the parts begin, and where the last one ends: as equal as can be.</summary>
    private static int[] Starts(int dimension, int parts) => [.. Enumerable.Range(0, parts + 1).Select(p => (int)((long)p * dimension / parts))];

    private static void RotateAll(float[] rotation, float[] sample, int dimension, int threads) =>
        Parallel.For(0, sample.Length / dimension, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, row =>
        {
            var rotated = stackalloc float[dimension];
            fixed (float* vector = &sample[row * dimension]) Multiply(rotation, vector, rotated, dimension);
            new ReadOnlySpan<float>(rotated, dimension).CopyTo(sample.AsSpan(row * dimension, dimension));
        });

    private static void Multiply(float[] rotation, float* vector, float* rotated, int dimension)
    {
        fixed (float* matrix = rotation)
        {
            for (var i = 0; i < dimension; i++) rotated[i] = VectorDistance.Dot(matrix + ((long)i * dimension), vector, dimension);
        }
    }

    private static ReadOnlySpan<byte> Floats(ReadOnlySpan<byte> bytes, float[] values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return bytes[(values.Length * sizeof(float))..];
    }

    private static void Write(MemoryStream bytes, float[] values)
    {
        Span<byte> one = stackalloc byte[sizeof(float)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(one, value);
            bytes.Write(one);
        }
    }

    private float* Rotated(float* vector, float* rotated)
    {
        if (_rotation is null) return vector;
        Multiply(_rotation, vector, rotated, Dimension);
        return rotated;
    }
}
