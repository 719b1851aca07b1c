using Skep.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// 1-bit codes as RaBitQ makes them (Gao and Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound", 2024): of a row's residual
/// r = x - c from the centre, rotated at random to n coordinates, the signs s are kept, and |r|² / Σ|rᵢ| beside them. Then (|r|² / Σ|rᵢ|) · Σ sᵢ·qᵢ
/// estimates r·q for a query's rotated residual q: without bias over rotations, and off by no more than
/// ε · |q| · sqrt((n·f² - |r|²) / (n - 1)), f = |r|² / Σ|rᵢ|, but in a few of a hundred cases. The query is coded in 4 bits, so that the sum is one of population counts.
/// Cosine distances of normalised rows are half the squared distance; inner products keep what the centre adds exactly.
/// </summary>
internal sealed unsafe class BitCodec : RowCodec
{
    /// <summary>The bound's ε, which the paper finds to suit: one in seventeen errors is larger, half of those to the harmless side.</summary>
    public const float Epsilon = 1.9f;

    private const int QueryTop = 15;

    private readonly CentredRotation _rotation;

    private BitCodec(VectorMetric metric, int dimension, CentredRotation rotation)
        : base(metric, dimension) => _rotation = rotation;

    public override VectorCodes Codes => VectorCodes.Bit1;

    public override int Stride => (Words * sizeof(ulong)) + BitRow.Bytes;

    /// <summary>How uncertain a row's distances are, for each unit that the query is away from the centre. Read at the end alone, so it lies apart.</summary>
    public override int PartCount => 1;

    public override int QueryBytes => BitQuery.Bytes + (4 * Words * sizeof(ulong));

    public override bool LinksItself => false;

    public override bool IsBounded => true;

    private int Words => Length / 64;

    private int Length => _rotation.Length;

    /// <summary>What a squared distance is multiplied by.</summary>
    private float Share => Metric == VectorMetric.Cosine ? 0.5f : 1;

    /// <summary>How often the inner product of residuals counts.</summary>
    private float Products => Metric == VectorMetric.L2 ? 2 : 1;

    public static BitCodec Calibrate(VectorMetric metric, int dimension, float[] sample, ulong seed = CentredRotation.DefaultSeed) => new(metric, dimension, CentredRotation.Of(sample, dimension, seed));

    public static BitCodec Read(VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes) => new(metric, dimension, CentredRotation.Read(bytes, dimension));

    public override byte[] Write()
    {
        var bytes = new byte[_rotation.WrittenBytes];
        _rotation.Write(bytes);
        return bytes;
    }

    /// <summary>At most all candidates: the bound says which of them.</summary>
    public override int RerankOf(int k, int ef) => Math.Max(k, ef);

    public override float Margin(byte* query, byte* row, float* parts) => Epsilon * *parts * ((BitQuery*)query)->Norm;

    public override TResult With<TUser, TResult>(byte* codes, float* parts, TUser user) =>
        user.Use(new BitSpace(codes, Words, Metric == VectorMetric.InnerProduct ? -_rotation.CentreSquare : 0, Products));

    public override void Encode(float* vector, byte* row, float* parts)
    {
        var rotated = stackalloc float[Length];
        _rotation.FromCentre(vector, rotated);
        var residual = new ReadOnlySpan<float>(rotated, Length);
        BitDistance.PackPositive(residual, new Span<ulong>(row, Words));
        double square = 0, magnitudes = 0;
        foreach (var x in residual)
        {
            square += (double)x * x;
            magnitudes += Math.Abs(x);
        }

        var factor = magnitudes > 0 ? square / magnitudes : 0;
        var own = (BitRow*)(row + (Words * sizeof(ulong)));
        own->Factor = (float)factor;
        own->Offset = Metric == VectorMetric.InnerProduct ? _rotation.CentreSquare - _rotation.DotCentre(vector) : (float)(Share * square);
        *parts = Products * (float)Math.Sqrt(Math.Max(0, (factor * factor * Length) - square) / (Length - 1));
    }

    public override void Prepare(float* vector, byte* query)
    {
        var rotated = stackalloc float[Length];
        _rotation.FromCentre(vector, rotated);
        var (least, most, square) = (float.PositiveInfinity, float.NegativeInfinity, 0.0);
        for (var i = 0; i < Length; i++)
        {
            least = Math.Min(least, rotated[i]);
            most = Math.Max(most, rotated[i]);
            square += (double)rotated[i] * rotated[i];
        }

        var unit = most > least ? (most - least) / QueryTop : 1;
        var sum = Slice(rotated, unit, least, query + BitQuery.Bytes);
        var head = (BitQuery*)query;
        head->Norm = (float)Math.Sqrt(square);
        head->Offset = Metric == VectorMetric.InnerProduct ? -_rotation.DotCentre(vector) : (float)(Share * square);
        // Σ sᵢ·qᵢ with sᵢ = 2 bᵢ - 1 and qᵢ ≈ least + unit · uᵢ.
        head->ByDot = Products * 2 * unit;
        head->ByOnes = Products * 2 * least;
        head->Constant = Products * ((unit * sum) + (least * Length));
    }

    /// <summary>Codes a query in 4 bits, bit by bit in planes. Returns the sum of the codes.</summary>
    private int Slice(float* rotated, float unit, float least, byte* planes)
    {
        Span<byte> codes = stackalloc byte[Length];
        ScalarQuantizer.ToU4(new ReadOnlySpan<float>(rotated, Length), 1 / unit, least, codes);
        BitDistance.SlicePlanes(codes, new Span<ulong>(planes, 4 * Words));
        var sum = 0;
        foreach (var code in codes) sum += code;
        return sum;
    }
}
