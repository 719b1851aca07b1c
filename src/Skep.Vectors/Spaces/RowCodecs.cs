namespace Skep.Vectors.Spaces;

/// <summary>Makes codecs.</summary>
internal static class RowCodecs
{
    /// <summary>A codec for an index, from a sample of its rows.</summary>
    /// <param name="options">Metric, dimension and codes.</param>
    /// <param name="sample">Rows, one after the other. Changed here.</param>
    public static RowCodec Calibrate(VectorIndexOptions options, float[] sample) => options.Codes switch
    {
        VectorCodes.Full => new FullCodec(options.Metric, options.Dimension),
        VectorCodes.Bits4 => NibbleCodec.Calibrate(options.Metric, options.Dimension, sample),
        VectorCodes.Bit1 => BitCodec.Calibrate(options.Metric, options.Dimension, sample),
        _ => ScalarCodec.Calibrate(options.Metric, options.Dimension, sample),
    };

    /// <summary>A codec as it was written by <see cref="RowCodec.Write"/>.</summary>
    public static RowCodec Read(VectorCodes codes, VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes) => codes switch
    {
        VectorCodes.Full => new FullCodec(metric, dimension),
        VectorCodes.Bits4 => NibbleCodec.Read(metric, dimension, bytes),
        VectorCodes.Bit1 => BitCodec.Read(metric, dimension, bytes),
        _ => ScalarCodec.Read(metric, dimension, bytes),
    };
}
