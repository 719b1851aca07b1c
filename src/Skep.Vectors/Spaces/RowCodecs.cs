namespace Skep.Vectors.Spaces;

/// <summary>Makes codecs.</summary>
internal static class RowCodecs
{
    /// <summary>Numbers that scalar codes are calibrated to.</summary>
    public const int ScalarSample = 1 << 20;

    /// <summary>Most numbers that are held to train product codes.</summary>
    private const int ProductSample = 1 << 25;

    /// <summary>How many numbers of rows a codec wants to see.</summary>
    public static int SampleOf(VectorIndexOptions options) =>
        options.Codes == VectorCodes.Product ? (int)Math.Min(ProductSample, (long)ProductCodec.SampleRows * options.Dimension) : ScalarSample;

    /// <summary>A codec for an index, from a sample of its rows.</summary>
    /// <param name="options">Metric, dimension and codes.</param>
    /// <param name="sample">Rows, one after the other. Changed here.</param>
    /// <param name="threads">How many threads work on it; 0 for one per processor.</param>
    public static RowCodec Calibrate(VectorIndexOptions options, float[] sample, int threads = 0) => options.Codes switch
    {
        VectorCodes.Full => new FullCodec(options.Metric, options.Dimension),
        VectorCodes.Bits4 => NibbleCodec.Calibrate(options.Metric, options.Dimension, sample),
        VectorCodes.Bit1 => BitCodec.Calibrate(options.Metric, options.Dimension, sample),
        VectorCodes.Product => ProductCodec.Train(options.Metric, options.Dimension, sample, options.Product, threads),
        _ => ScalarCodec.Calibrate(options.Metric, options.Dimension, sample),
    };

    /// <summary>A codec as it was written by <see cref="RowCodec.Write"/>.</summary>
    public static RowCodec Read(VectorCodes codes, VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes) => codes switch
    {
        VectorCodes.Full => new FullCodec(metric, dimension),
        VectorCodes.Bits4 => NibbleCodec.Read(metric, dimension, bytes),
        VectorCodes.Bit1 => BitCodec.Read(metric, dimension, bytes),
        VectorCodes.Product => ProductCodec.Read(metric, dimension, bytes),
        _ => ScalarCodec.Read(metric, dimension, bytes),
    };
}
