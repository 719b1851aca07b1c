namespace Skep.Vectors;

/// <summary>How rows stand in the memory that a graph is walked by. Whatever it is, the best candidates are compared in full precision at the end.</summary>
public enum VectorCodes
{
    /// <summary>In full precision: 4 bytes a dimension.</summary>
    Full,

    /// <summary>Scalar codes of 7 bits: 1 byte a dimension.</summary>
    Bits7,
}
