using System.Runtime.InteropServices;

namespace Skep.Vectors.Spaces;

/// <summary>What stands before the planes of a query for 1-bit codes: distance = <see cref="Offset"/> + the row's offset − the row's factor · (<see cref="ByDot"/> · product + <see cref="ByOnes"/> · ones − <see cref="Constant"/>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BitQuery
{
    /// <summary>Bytes kept for it, so that the planes behind it are aligned.</summary>
    public const int Bytes = 64;

    public float Offset;
    public float ByDot;
    public float ByOnes;
    public float Constant;

    /// <summary>The query's distance from the centre: what a row's own uncertainty is multiplied by.</summary>
    public float Norm;
}

/// <summary>What stands behind the bits of a row.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BitRow
{
    public const int Bytes = 2 * sizeof(float);

    /// <summary>The row's own part of every distance.</summary>
    public float Offset;

    /// <summary>From a sum of signs to an inner product.</summary>
    public float Factor;
}
