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
        _ => ScalarCodec.Calibrate(options.Metric, options.Dimension, sample),
    };

    /// <summary>A codec as it was written by <see cref="RowCodec.Write"/>.</summary>
    public static RowCodec Read(VectorCodes codes, VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes) => codes switch
    {
        VectorCodes.Full => new FullCodec(metric, dimension),
        _ => ScalarCodec.Read(metric, dimension, bytes),
    };
}
