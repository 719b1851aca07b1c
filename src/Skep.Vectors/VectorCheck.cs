namespace Skep.Vectors;

/// <summary>Says what is wrong with a vector.</summary>
internal static class VectorCheck
{
    public static void Check(ReadOnlySpan<float> vector, int dimension, VectorMetric metric)
    {
        if (vector.Length != dimension) throw new VectorException(VectorFault.WrongDimension, $"the vector has {vector.Length:N0} dimensions, and the index {dimension:N0}: it was made for another model, or cut off");
        var bits = 0U;
        var nothing = 0U;
        foreach (var x in vector)
        {
            var raw = BitConverter.SingleToUInt32Bits(x) & int.MaxValue;
            bits = Math.Max(bits, raw);
            nothing |= raw;
        }

        if (bits >= 0x7F80_0000) throw new VectorException(VectorFault.BadVector, $"the vector holds {FirstBad(vector)}: it cannot be compared");
        if (metric == VectorMetric.Cosine && nothing == 0) throw new VectorException(VectorFault.BadVector, "the vector is zero and has no direction, which the cosine metric compares: leave it out, or use L2");
    }

    private static string FirstBad(ReadOnlySpan<float> vector)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i])) return $"{(float.IsNaN(vector[i]) ? "NaN" : "an infinity")} in dimension {i}";
        }

        return "nothing wrong";
    }
}
