using System.Runtime.InteropServices;
using Skep.Vectors.Graph;
using Skep.Vectors.Spaces;

namespace Skep.Vectors.Tests.Codes;

/// <summary>Rows coded by a codec, in native memory.</summary>
internal sealed unsafe class CodedRows : IDisposable
{
    private readonly float[][] _vectors;
    private readonly byte* _codes, _query;
    private readonly float* _parts;

    public CodedRows(RowCodec codec, float[][] vectors)
    {
        (Codec, _vectors) = (codec, vectors);
        _codes = (byte*)NativeMemory.AlignedAlloc((nuint)(vectors.Length * codec.Stride), 64);
        _parts = (float*)NativeMemory.AlignedAlloc((nuint)(vectors.Length * codec.PartCount * sizeof(float)) + 64, 64);
        _query = (byte*)NativeMemory.AlignedAlloc((nuint)codec.QueryBytes, 64);
        for (var row = 0; row < vectors.Length; row++)
        {
            fixed (float* vector = vectors[row]) codec.Encode(vector, _codes + (row * codec.Stride), _parts + (row * codec.PartCount));
        }
    }

    public RowCodec Codec { get; }

    public ReadOnlySpan<byte> Bytes => new(_codes, _vectors.Length * Codec.Stride);

    public static float[][] Normalised(float[][] vectors) => [.. vectors.Select(v => v.Select(x => x / MathF.Sqrt(v.Sum(y => y * y))).ToArray())];

    public static RowCodec Calibrate(VectorCodes codes, VectorMetric metric, float[][] vectors) =>
        RowCodecs.Calibrate(new VectorIndexOptions { Dimension = vectors[0].Length, Metric = metric, Codes = codes }, [.. vectors.SelectMany(v => v)]);

    public float[] ToQuery(float[] query)
    {
        fixed (float* vector = query) Codec.Prepare(vector, _query);
        return Codec.With<All, float[]>(_codes, _parts, new All(_query, _vectors.Length, -1));
    }

    public float[] ToRow(int row) => Codec.With<All, float[]>(_codes, _parts, new All(_query, _vectors.Length, row));

    /// <summary>The bound of a row's error to the query that was asked last.</summary>
    public float Margin(int row) => Codec.Margin(_query, _codes + (row * Codec.Stride), _parts + (row * Codec.PartCount));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_codes);
        NativeMemory.AlignedFree(_parts);
        NativeMemory.AlignedFree(_query);
    }

    private readonly struct All(byte* query, int count, int from) : ISpaceUser<float[]>
    {
        public float[] Use<TSpace>(TSpace space)
            where TSpace : struct, IGraphSpace
        {
            var distances = new float[count];
            for (var row = 0; row < count; row++)
            {
                space.Prefetch(row);
                distances[row] = from < 0 ? space.ToQuery(query, row) : space.Between(from, row);
            }

            return distances;
        }
    }
}
