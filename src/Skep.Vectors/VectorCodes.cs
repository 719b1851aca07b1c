namespace Skep.Vectors;

/// <summary>How rows stand in the memory that a graph is walked by. Whatever it is, the best candidates are compared in full precision at the end.</summary>
public enum VectorCodes
{
    /// <summary>In full precision: 4 bytes a dimension.</summary>
    Full,

    /// <summary>Scalar codes of 7 bits: 1 byte a dimension.</summary>
    Bits7,

    /// <summary>Scalar codes of 4 bits, after a rotation: half a byte a dimension.</summary>
    Bits4,

    /// <summary>One bit a dimension, after a rotation, with a bound of what that may be off (RaBitQ), and 12 bytes: what the bound leaves open is compared in full precision.</summary>
    Bit1,

    /// <summary>Product codes: a byte for every eight dimensions, or as <see cref="ProductOptions"/> says, after a rotation that suits them.</summary>
    Product,
}
