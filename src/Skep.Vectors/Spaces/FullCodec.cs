namespace Skep.Vectors.Spaces;

/// <summary>Rows as they are.</summary>
internal sealed unsafe class FullCodec(VectorMetric metric, int dimension) : RowCodec(metric, dimension)
{
    /// <summary>Numbers that rows are rounded up to, so that they begin at cache lines.</summary>
    public const int Unit = 16;

    public override VectorCodes Codes => VectorCodes.Full;

    public override int Stride => Length * sizeof(float);

    public override int PartCount => 0;

    public override int QueryBytes => Stride;

    private int Length => (Dimension + Unit - 1) / Unit * Unit;

    /// <summary>Nothing is left to compare: distances are exact already.</summary>
    public override int RerankOf(int k, int ef) => 0;

    public override void Encode(float* vector, byte* row, float* parts) => Prepare(vector, row);

    public override void Prepare(float* vector, byte* query)
    {
        new ReadOnlySpan<float>(vector, Dimension).CopyTo(new Span<float>(query, Dimension));
        new Span<float>((float*)query + Dimension, Length - Dimension).Clear();
    }

    public override byte[] Write() => [];

    public override TResult With<TUser, TResult>(byte* codes, float* parts, TUser user) =>
        Metric == VectorMetric.L2
            ? user.Use(new FullL2Space((float*)codes, Length))
            : user.Use(new FullDotSpace((float*)codes, Length, Metric == VectorMetric.Cosine ? 1 : 0));
}
