using System.Runtime.CompilerServices;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>Distances by product codes: to a query by tables, one entry for each part.</summary>
/// <param name="rows">The first row's codes.</param>
/// <param name="stride">Bytes of a row: its parts.</param>
/// <param name="offset">What all distances share.</param>
/// <param name="tables">The centroids.</param>
/// <param name="isL2">Whether distances are squared Euclidean ones.</param>
internal readonly unsafe struct ProductSpace(byte* rows, int stride, float offset, CentroidTable[] tables, bool isL2) : IGraphSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row)
    {
        var table = (float*)query;
        var code = rows + ((long)row * stride);
        float s0 = offset, s1 = 0, s2 = 0, s3 = 0;
        var part = 0;
        for (; part + 4 <= stride; part += 4, code += 4, table += 4 * CentroidTable.Count)
        {
            s0 += table[code[0]];
            s1 += table[CentroidTable.Count + code[1]];
            s2 += table[(2 * CentroidTable.Count) + code[2]];
            s3 += table[(3 * CentroidTable.Count) + code[3]];
        }

        for (; part < stride; part++, code++, table += CentroidTable.Count) s0 += table[*code];
        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>From the centroids: tables of all pairs would be larger than the processor's caches.</summary>
    public float Between(int a, int b)
    {
        byte* x = rows + ((long)a * stride), y = rows + ((long)b * stride);
        var sum = offset;
        for (var part = 0; part < stride; part++) sum += tables[part].Between(x[part], y[part], isL2);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => Numerics.Prefetch.Range(rows + ((long)row * stride), stride);
}
