using System.Buffers.Binary;
using Skep.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// 4-bit codes: rows are moved to their centre c and rotated to y, and each number stands as u = round((y - low) / step), 0 to 15. One scale for all
/// dimensions is as good as one for each, because the rotation gives all of them the same spread; and a product between rows stays one integer product.
/// With a query turned likewise and coded in signed bytes, q' ≈ t·k: Σ x·q ≈ Σ c·q + low · Σ q' + step · t · Σ u·k. Between rows the centre's part is each
/// row's own: see <see cref="ScalarCodec"/> for the rest.
/// </summary>
internal sealed unsafe class NibbleCodec : RowCodec
{
    public const int Top = ScalarQuantizer.MaxU4;

    private readonly CentredRotation _rotation;

    private NibbleCodec(VectorMetric metric, int dimension, CentredRotation rotation, float low, float step)
        : base(metric, dimension) => (_rotation, Low, Step) = (rotation, low, step);

    public override VectorCodes Codes => VectorCodes.Bits4;

    public override int PartCount => 1;

    /// <summary>What code 0 stands for.</summary>
    public float Low { get; }

    /// <summary>What one step of the code is worth.</summary>
    public float Step { get; }

    public override int Stride => Length / 2;

    public override int QueryBytes => CodeQuery.Bytes + Length;

    private int Length => _rotation.Length;

    private bool IsL2 => Metric == VectorMetric.L2;

    private float Base => Metric == VectorMetric.Cosine ? 1 : 0;

    public static NibbleCodec Calibrate(VectorMetric metric, int dimension, float[] sample)
    {
        var rotation = CentredRotation.Of(sample, dimension);
        var (low, step) = ScalarRange.Fit(rotation.FromCentre(sample), Top);
        return new NibbleCodec(metric, dimension, rotation, low, step);
    }

    public static NibbleCodec Read(VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes) =>
        new(metric, dimension, CentredRotation.Read(bytes[8..], dimension), BinaryPrimitives.ReadSingleLittleEndian(bytes), BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]));

    public override byte[] Write()
    {
        var bytes = new byte[(2 * sizeof(float)) + _rotation.WrittenBytes];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, Low);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4), Step);
        _rotation.Write(bytes.AsSpan(8));
        return bytes;
    }

    /// <summary>Four bits move neighbours about: several times as many as are wanted.</summary>
    public override int RerankOf(int k, int ef) => Math.Min(ef, Math.Max(4 * k, k + 50));

    public override TResult With<TUser, TResult>(byte* codes, float* parts, TUser user) =>
        IsL2
            ? user.Use(new CodeL2Space<FourBits>(codes, parts, Stride, 2 * Step * Step))
            : user.Use(new CodeDotSpace<FourBits>(codes, parts, Stride, Base - _rotation.CentreSquare - (Length * Low * Low), Step * Step));

    public override void Encode(float* vector, byte* row, float* parts)
    {
        var rotated = stackalloc float[Length];
        Span<byte> codes = stackalloc byte[Length];
        _rotation.FromCentre(vector, rotated);
        ScalarQuantizer.ToU4(new ReadOnlySpan<float>(rotated, Length), 1 / Step, Low, codes);
        CodeDistance.PackU4(codes, new Span<byte>(row, Stride));
        *parts = IsL2 ? SquareFromLow(codes) : -OwnProduct(codes);
    }

    public override void Prepare(float* vector, byte* query)
    {
        var rotated = stackalloc float[Length];
        if (IsL2) _rotation.FromCentre(vector, rotated);
        else _rotation.Rotate(vector, rotated);
        var shift = IsL2 ? Low : 0;
        float largest = 0;
        double sum = 0, squares = 0;
        for (var i = 0; i < Length; i++)
        {
            var x = rotated[i] - shift;
            largest = Math.Max(largest, Math.Abs(x));
            sum += x;
            squares += (double)x * x;
        }

        var unit = largest > 0 ? largest / ScalarQuantizer.MaxI8 : 1;
        ScalarQuantizer.ToI8(new ReadOnlySpan<float>(rotated, Length), 1 / unit, shift, new Span<sbyte>((sbyte*)query + CodeQuery.Bytes, Length));
        var head = (CodeQuery*)query;
        head->Offset = IsL2 ? (float)squares : (float)(Base - _rotation.DotCentre(vector) - (Low * sum));
        head->Scale = (IsL2 ? 2 : 1) * Step * unit;
    }

    private float SquareFromLow(ReadOnlySpan<byte> codes)
    {
        long squares = 0;
        foreach (var code in codes) squares += code * code;
        return (float)(squares * ((double)Step * Step));
    }

    /// <summary>What a row adds to its inner product with any other one: by the centre, and by where code 0 lies.</summary>
    private float OwnProduct(ReadOnlySpan<byte> codes)
    {
        double withCentre = 0;
        long sum = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            sum += codes[i];
            withCentre += _rotation.RotatedCentre[i] * (Low + ((double)Step * codes[i]));
        }

        return (float)(withCentre + ((double)Low * Step * sum));
    }
}
